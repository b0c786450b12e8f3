"""Judges of texts: raw scores per item, from which SQL derives flags."""
