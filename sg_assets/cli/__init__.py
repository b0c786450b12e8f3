"""The command line ``sg-assets``: one module per group of commands. Each says what failed and what mends it."""
