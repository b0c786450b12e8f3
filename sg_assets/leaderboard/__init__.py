"""The Open LLM Leaderboard v2: its tasks through lm-eval, and its scores as published."""
