"""Copies of contents are kept within a limit, and are complete."""

from pathlib import Path

import pytest

from sg_assets.store.backends import read_cache as cache
from sg_assets.store.backends.read_cache import Cache


@pytest.fixture
def copies(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", tmp_path / "scratch", limit=25)


def get(copies: Cache, name: str) -> Path:
    def fetch(to: Path) -> None:
        to.write_text("0123456789")

    return copies.get(f"objects/a/b/{name}", fetch)


def kept(copies: Cache) -> set[str]:
    return {path.name for path in copies.folder.glob("objects/a/b/*")}


def test_copies_over_the_limit_are_dropped_by_last_use(copies: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "IN_USE", 0)
    for name in ("first", "second", "first", "third"):
        get(copies, name)
    assert kept(copies) == {"first", "third"}
    assert list(copies.scratch.iterdir()) == []


def test_copies_just_used_stay_whatever_the_limit(copies: Cache) -> None:
    for name in ("first", "second", "third"):
        get(copies, name)
    assert kept(copies) == {"first", "second", "third"}


def test_a_fetch_that_dies_leaves_no_copy(copies: Cache) -> None:
    def dying(to: Path) -> None:
        to.write_text("half")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        copies.get("objects/a/b/x", dying)
    assert kept(copies) == set()
    assert get(copies, "x").read_text() == "0123456789"
