"""Comparisons, histories and replays for people: terminal, Markdown, JSON, pages and pictures."""
