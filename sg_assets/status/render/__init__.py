"""Status and plans for people and programs: terminal, Markdown, JSON and a page."""
