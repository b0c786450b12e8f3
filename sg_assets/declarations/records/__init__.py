"""The records that declarations are read into: frozen pydantic models, one module per kind of file."""
