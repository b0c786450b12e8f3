"""LoRA training by TRL in its own process: spec, job and results."""
