"""Staged contents."""

from pathlib import Path

from sg_assets.store.store import Store


def staged(store: Store, text: str, *, folder: bool) -> Path:
    store.staging.mkdir(parents=True, exist_ok=True)
    path = store.staging / "new"
    if folder:
        path.mkdir()
    (path / "file" if folder else path).write_text(text)
    return path


def names(folder: bool) -> list[str]:
    return ["file"] if folder else ["."]
