"""A declarative registry for safety-alignment work: datasets, adapters and scores as versioned Dagster assets."""
