"""Checks between declarations: SQL against columns, expectations against tables, variants against each other."""
