"""The folder of a release: adapter, card, manifests and marks of every version behind them, a digest of every file."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from sg_assets.hub.file_list import FILE_LIST, read_file_list
from sg_assets.reports.card_facts import ancestry
from sg_assets.store.fingerprints import file_sha256
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import marks_on
from sg_assets.store.records import Record
from sg_assets.store.store import Store

CHECKSUMS = "SHA256SUMS"
"""As ``sha256sum --check`` reads it."""
MERGED = "merged"
"""The folder of the merged model."""
MANIFESTS = "manifests"
"""The folder of the manifests."""
MARKS = "marks"
"""The folder of the marks on versions at the time of the release; absent without marks."""
_CONFIG = "adapter_config.json"


def write_release_folder(
    folder: Path, *, adapter: Path, base: Path, card: Path, store: Store, made_from: Iterable[Manifest]
) -> None:
    """Fill a folder that may hold a merged model already; digests come last.

    Args:
        folder: The release's folder.
        adapter: Folder of the adapter.
        base: Folder of its chat model, or of the list of its files.
        card: The model card.
        store: The store of the manifests.
        made_from: The versions released.
    """
    folder.mkdir(exist_ok=True)
    shutil.copy(card, folder / "README.md")
    shutil.copy(adapter / "adapter_model.safetensors", folder)
    (folder / _CONFIG).write_text(adapter_config(adapter, base), encoding="utf-8")
    for pin in ancestry(store, made_from):
        manifest = store.manifest(pin.ref, pin.version)
        _write_record(folder, f"{MANIFESTS}/{pin.ref.folder}/{pin.version}.json", manifest)
        for named in marks_on(manifest, store.marks_of(pin.ref)):
            _write_record(folder, f"{MARKS}/{pin.ref.folder}/{named.name}.json", named.mark)
    (folder / CHECKSUMS).write_text(_checksums(folder), encoding="utf-8")


def _write_record(folder: Path, name: str, record: Record) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record.model_dump_json(indent=1), encoding="utf-8")


def adapter_config(adapter: Path, base: Path) -> str:
    """An adapter's config for a release: a base of the hub is named by repository and commit."""
    text = (adapter / _CONFIG).read_text(encoding="utf-8")
    if not (base / FILE_LIST).is_file():
        return text
    listed = read_file_list(base / FILE_LIST)
    if listed.repo is None:
        return text
    config = {**json.loads(text), "base_model_name_or_path": listed.repo, "revision": listed.commit}
    return json.dumps(config, indent=2, sort_keys=True) + "\n"


def _checksums(folder: Path) -> str:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{file_sha256(folder / name)}  {name}\n" for name in files)
