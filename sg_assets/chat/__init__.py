"""Chats of a model: template, stops, padding, context and decoding, decided once for trainings, answers and scores."""
