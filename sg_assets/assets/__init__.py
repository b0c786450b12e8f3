"""Thin Dagster wrappers over the work modules, one module per part of the graph. Imports nothing heavy."""
