"""Why two versions differ: causes, rows, a score's change item by item, and whether it is more than noise."""
