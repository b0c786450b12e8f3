"""Estimates with honest intervals: rates, means and paired differences of items that share a source text."""
