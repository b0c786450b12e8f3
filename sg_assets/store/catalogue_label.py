"""Whether ``registry.duckdb`` is that of the store: a label says which bytes it has, and what it was made from."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sg_assets.store.backends.interface import sha256_of
from sg_assets.store.store import Store

CATALOGUE: Final = "registry.duckdb"
LABEL: Final = "registry.json"
_BEHIND: Final = "it is behind the store"


def catalogue_problem(store: Store) -> str | None:
    """Why the catalogue is not that of the store, in words; None where it is, or where nothing was published."""
    state = catalogue_state(store)
    if not state:
        return None
    try:
        digest = sha256_of(store.home / CATALOGUE)
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    try:
        written: Any = json.loads((store.home / LABEL).read_bytes())
        label = (written["sha256"], written["state"])
    except (OSError, ValueError, KeyError, TypeError):
        return "nothing says what it was written from"
    if label[0] != digest:
        return "its bytes are not those that were written"
    return None if label[1] == _digest(state) else _BEHIND


def catalogue_damage(store: Store) -> str | None:
    """How the catalogue came to harm; None also where it was never written with a label, or is behind the store."""
    if not (store.home / LABEL).exists():
        return None
    problem = catalogue_problem(store)
    return None if problem == _BEHIND else problem


def catalogue_state(store: Store) -> list[str]:
    """What a catalogue is written from, as far as that changes: its folder, the records of heads and marks."""
    entries = store.heads.names()
    return [str(store.home), *entries, *store.files.glob("marks/*/*/*/*.json")] if entries else []


def label_text(catalogue: Path, state: Sequence[str]) -> str:
    """The label of a catalogue that was written from a state of the store."""
    return json.dumps({"sha256": sha256_of(catalogue), "state": _digest(state)})


def _digest(state: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(state).encode()).hexdigest()
