"""What is current, what is not and why, and what it would take to change that. From declarations and store alone."""
