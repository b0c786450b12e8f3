"""Immutable versions under one root: objects, manifests, heads, fingerprints and the catalogue."""
