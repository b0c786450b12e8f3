"""Stored files that came to harm."""

import atexit
import random
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.bad_inputs.bad_input import BadInput, command
from sg_assets_tests.store.harm import HARMS
from sg_assets_tests.store.steps import ROWS, published
from sg_assets_tests.store.test_marks import mark

PARTS = {
    "manifest": "manifests/raw/t/-/*.json",
    "head": "heads/raw/t/-/*.json",
    "mark": "marks/raw/t/-/*.json",
    "identity": "store.json",
    "table": "objects/raw/t/*.parquet",
}


@cache
def _template() -> tuple[Path, Manifest]:
    """A store with a version and a mark, made once."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store(folder / "store", "demo")
    made = published(store, "raw/t", ROWS)
    store.marks.append(made.ref, mark("pruned", made.version))
    return folder / "store", made


def _store(home: Path, environment: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the store of the environment's profile."""
    environment.setenv("SG_HOME", str(home))
    environment.setenv("SG_PROFILE", "demo")
    environment.delenv("SG_STORE", raising=False)
    return Path(shutil.copytree(_template()[0], home / "demo" / "store"))


def _names(store: Path) -> list[Path]:
    """Its files, but for those that any command may write: what it compared, and the catalogue."""
    return sorted(path for path in store.rglob("*") if "checks" not in path.parts and path.stem != "registry")


def _harmed(part: str, kind: str, says: tuple[str, ...], *arguments: str, copies: bool = True) -> BadInput:
    """A command on a store in which the file of a part came to harm."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        store = _store(home, environment)
        if not copies:
            shutil.rmtree(store / "copies")
        [file] = store.glob(PARTS[part])
        HARMS[kind](file, random.Random(7))
        before = _names(store)
        said = command(*(_template()[1].version if name == "<version>" else name for name in arguments))
        assert _names(store) == before, "something was published, removed or restored"
        return said

    name = f"{part} {kind}{'' if copies else ' without copy'}: {arguments[0]}"
    return BadInput(name, act, says)


_RESTORED = "`sg-assets repair` restores it from its copy"
CASES = [
    *(_harmed("manifest", kind, ("manifests/raw/t/-/", _RESTORED), "verify") for kind in HARMS),
    *(_harmed("head", kind, ("heads/raw/t/-/", _RESTORED), "verify") for kind in HARMS),
    *(_harmed("mark", kind, ("marks/raw/t/-/", _RESTORED), "verify") for kind in HARMS),
    *(_harmed("identity", kind, ("store.json", "`sg-assets repair` writes it anew"), "verify") for kind in HARMS),
    *(_harmed("table", kind, ("raw/t", "sg-assets backfill 'raw/t'"), "verify") for kind in HARMS),
    *(
        _harmed("manifest", kind, ("manifests/raw/t/-/", "sg-assets repair"), "show", "<version>")
        for kind in ("flipped", "truncated", "zeroed", "folder")
    ),
    _harmed("identity", "truncated", ("store.json", "sg-assets repair"), "versions", "raw/t"),
    _harmed("identity", "removed", ("store.json", "is missing", "sg-assets repair"), "versions", "raw/t"),
    _harmed("head", "zeroed", ("heads/raw/t/-/", "--version <version> --why"), "verify", copies=False),
]
