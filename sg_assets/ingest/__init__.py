"""Reading of users' files: forum dumps and TOXIGEN prompts, cleaned, masked and keyed by content."""
