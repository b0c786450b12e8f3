"""Changing records of a store as somebody does who knows their seals."""

from collections.abc import Callable
from pathlib import Path

from sg_assets.store.sealed_records import sealed, unsealed


def edit_record(path: Path, edit: Callable[[str], str]) -> None:
    """Change a record as somebody does who seals it again."""
    text = unsealed(path.read_bytes(), str(path)).decode()
    assert edit(text) != text
    path.write_text(sealed(edit(text)))
