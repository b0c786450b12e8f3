"""Where a store's files lie: a folder, or a file system reached through fsspec, behind one interface."""
