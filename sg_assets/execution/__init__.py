"""Running the graph from the command line: the order of runs, the lanes they run in, and runs that were killed."""
