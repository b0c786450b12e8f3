"""Dagster: asset definitions, checks, jobs, sensors and metadata over the work modules. Imports nothing heavy."""
