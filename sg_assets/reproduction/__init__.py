"""Making a version again: by its recorded declarations and code, in a scratch store, compared with the original."""
