"""What code a step is: the definitions its entry functions reach, each by a normal form that names do not move."""
