"""Jobs: work with loaded models in processes that end. One payload for every kind, whoever launches it."""
