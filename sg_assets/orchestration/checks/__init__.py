"""Dagster checks: tables against their contracts, scores against the version before, sources against their age."""
