"""Embeddings of texts, to measure how far answers are apart."""
