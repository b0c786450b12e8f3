"""Reading what people bring: forum dumps and TOXIGEN prompts, cleaned, masked and keyed by content."""
