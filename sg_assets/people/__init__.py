"""Labels of people: answers drawn for them, the sheets they fill in, their labels, and judges compared with these."""
