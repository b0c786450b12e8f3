"""Where two contents of one asset first differ: a row and its columns, a tensor, or a byte of a file."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from sg_assets.lineage.rows.row_diff import Fate, RowDiff, row_diff
from sg_assets.store.backends.interface import all_files
from sg_assets.store.manifests import Manifest

_CHUNK = 1 << 20


def first_difference(version: Manifest, before: Path, after: Path) -> str:
    """In words, without any text of an item; empty where there is none.

    Args:
        version: The version both are contents of: whether it is a table, and by what key its rows are known.
        before: A Parquet file or a folder.
        after: The other one.
    """
    if version.kind == "folder":
        return _of_folders(before, after)
    with TemporaryDirectory() as scratch:
        return _of_rows(row_diff(before, after, version.key, Path(scratch), samples=1, with_text=True))


def _of_rows(found: RowDiff) -> str:
    if found.columns_added or found.columns_removed:
        gone, new = (", ".join(names) or "none" for names in (found.columns_removed, found.columns_added))
        return f"columns: {gone} gone, {new} new"
    counts = ", ".join(f"{count} {fate}" for fate, count in (("changed", found.changed), ("removed", found.removed),
                                                             ("added", found.added)) if count)  # fmt: skip
    if not counts:
        return ""
    samples = {one.fate: one for one in found.samples}
    for fate in (Fate.CHANGED, Fate.REMOVED, Fate.ADDED):
        if fate in samples:
            key = ", ".join(f"{name}={value}" for name, value in zip(found.key, samples[fate].key, strict=True))
            columns = ", ".join(name for name, _, _ in samples[fate].values) if fate is Fate.CHANGED else ""
            told = f"column{'s' if ', ' in columns else ''} {columns}" if columns else fate.value
            return f"row {key}: {told}; rows: {counts}"
    return f"rows: {counts} (no key is known)"


def _of_folders(before: Path, after: Path) -> str:
    sides = [{path.relative_to(root).as_posix(): path for path in all_files(root)} for root in (before, after)]
    for name in sorted(sides[0].keys() | sides[1].keys()):
        if name not in sides[1]:
            return f"file {name} is gone"
        if name not in sides[0]:
            return f"file {name} is new"
        if told := _of_files(name, sides[0][name], sides[1][name]):
            return told
    return ""


def _of_files(name: str, before: Path, after: Path) -> str:
    place = _first_byte(before, after)
    if place is None:
        return ""
    tensor = _first_tensor(before, after) if name.endswith(".safetensors") else None
    return f"file {name}, {f'tensor {tensor}, ' if tensor else ''}byte {place}"


def _first_byte(before: Path, after: Path) -> int | None:
    at = 0
    with before.open("rb") as one, after.open("rb") as other:
        while True:
            a, b = one.read(_CHUNK), other.read(_CHUNK)
            if a != b:
                shared = min(len(a), len(b))
                return at + next((place for place in range(shared) if a[place] != b[place]), shared)
            if not a:
                return None
            at += len(a)


def _first_tensor(before: Path, after: Path) -> str | None:
    """The first tensor, in the order of the file, that the other file lacks or holds otherwise."""
    try:
        tables = [_tensors(path) for path in (before, after)]
    except (ValueError, KeyError):  # no header that can be read
        return None
    for name, bytes_ in tables[0].items():
        if tables[1].get(name) != bytes_:
            return name
    return next((name for name in tables[1] if name not in tables[0]), None)


def _tensors(path: Path) -> dict[str, tuple[str, list[int], bytes]]:
    """Type, shape and bytes of each tensor of a safetensors file, in the order they lie there."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__", None)
    in_order = sorted(header.items(), key=lambda one: one[1]["data_offsets"][0])
    found = {}
    for name, told in in_order:
        start, end = (8 + size + offset for offset in told["data_offsets"])
        found[name] = (told["dtype"], told["shape"], content[start:end])
    return found
