"""Markdown that shows values as they are written."""

import re


def escaped(text: str) -> str:
    """Text that shows as it is written: no markup, no HTML, no new cell or row."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|!#~>])", r"\\\1", flat)
