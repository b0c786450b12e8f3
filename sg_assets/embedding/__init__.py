"""Texts as vectors, to tell how far answers are apart."""
