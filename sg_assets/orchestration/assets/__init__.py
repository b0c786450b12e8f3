"""Asset definitions, a module per part of the graph: each passes declared values to a function of a work module."""
