"""Releases of variants: adapter, card and manifests in a folder, or the reasons against a release."""
