"""Models of the Hugging Face Hub: pinned to files by digest, and fetched through its cache."""
