"""A score's change: item by item, against noise, and over all its published versions."""
