"""Tables without a library of their own: declared rows, and the rows of a SELECT."""
