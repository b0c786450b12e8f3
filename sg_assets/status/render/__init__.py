"""Status and plans as terminal output, Markdown, JSON and a page."""
