"""Asset definitions, one module per part of the graph: declared values in, one function of a work module called."""
