"""Evaluating a table's contract on the staged table, before readers see it."""
