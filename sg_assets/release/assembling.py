"""The folder of a release: adapter, card, the manifests of every version behind them, and a digest of every file."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from sg_assets.hub.snapshot import FILE, read_snapshot
from sg_assets.reports.card_facts import ancestry
from sg_assets.store.fingerprints import file_sha256
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store

SUMS = "SHA256SUMS"
"""As ``sha256sum --check`` reads it."""
MERGED = "merged"
"""The folder of the merged model."""
_CONFIG = "adapter_config.json"


def assemble(
    folder: Path, *, adapter: Path, base: Path, card: Path, store: Store, made_from: Iterable[Manifest]
) -> None:
    """Fill a folder that may hold a merged model already; digests come last.

    Args:
        folder: Where it goes.
        adapter: Folder of the adapter.
        base: Folder of the chat model it stands on, or of the list of its files.
        card: The model card.
        store: Where the manifests are.
        made_from: The versions released.
    """
    folder.mkdir(exist_ok=True)
    shutil.copy(card, folder / "README.md")
    shutil.copy(adapter / "adapter_model.safetensors", folder)
    (folder / _CONFIG).write_text(adapter_config(adapter, base), encoding="utf-8")
    for pin in ancestry(store, made_from):
        kept = folder / "manifests" / pin.ref.folder / f"{pin.version}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(store.manifest(pin.ref, pin.version).model_dump_json(indent=1), encoding="utf-8")
    (folder / SUMS).write_text(_sums(folder), encoding="utf-8")


def adapter_config(adapter: Path, base: Path) -> str:
    """An adapter's config as it goes out: a base of the hub is named as the hub knows it, by repository and commit."""
    text = (adapter / _CONFIG).read_text(encoding="utf-8")
    if not (base / FILE).is_file():
        return text
    snapshot = read_snapshot(base / FILE)
    config = {**json.loads(text), "base_model_name_or_path": snapshot.repo, "revision": snapshot.commit}
    return json.dumps(config, indent=2, sort_keys=True) + "\n"


def _sums(folder: Path) -> str:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{file_sha256(folder / name)}  {name}\n" for name in files)
