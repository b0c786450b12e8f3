"""Prompts to answers: engines, and the cache that makes an answer cost once."""
