"""What people read: the results table and its picture, for the terminal, the Dagster UI and a page of its own."""
