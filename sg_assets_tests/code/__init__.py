"""The code of steps: definitions, forms, closures."""
