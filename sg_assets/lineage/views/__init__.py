"""How a comparison is shown: in the terminal, as markdown, as JSON, and as a page of its own."""
