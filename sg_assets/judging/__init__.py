"""Judges of texts: raw scores per item, from which SQL makes flags."""
