"""Text for people, whatever it is about: numbers, Markdown, templates."""
