"""Row diffs of two versions of a table, and where the changed rows are concentrated."""
