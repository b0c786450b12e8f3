"""Results for people: the terminal, Markdown, a page and pictures, with numbers written alike."""
