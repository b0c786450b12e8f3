"""What work modules may not do, for whoever reads their text must see all that decides a result."""
