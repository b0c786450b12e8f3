"""Reports: the results, their figures and model cards, for the terminal, the Dagster UI and as pages."""
