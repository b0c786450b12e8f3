"""What the kinds of assets are: one object a kind, with its columns, its declarations and how versions are restored."""
