"""Running the graph from the command line: the order of runs, their lanes, and which batches need no run."""
