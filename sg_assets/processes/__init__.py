"""Process-wide switches and the outside of a job's own process. Imports nothing of the package but errors."""
