"""What the package enters while a step's work is done, against what its recipe says it reaches."""
