"""LoRA training by TRL in its own process: the spec it reads, the job itself, and what it leaves behind."""
