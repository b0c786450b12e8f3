"""LoRA adapters on their chat model: the one way to apply them, and the proof that their effect is there."""
