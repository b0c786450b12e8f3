"""Where two contents of one asset first differ: a row and its columns, a tensor, or a byte of a file."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from sg_assets.lineage.rows.row_diff import RowChange, RowDiff, row_diff
from sg_assets.store.backends.interface import all_files
from sg_assets.store.manifests import Manifest

_CHUNK = 1 << 20


def first_difference(version: Manifest, before: Path, after: Path) -> str:
    """The first difference in words, without any text of an item; empty where the contents are equal.

    Args:
        version: The version that both are contents of: whether it is a table, and the key of its rows.
        before: A Parquet file or a folder.
        after: The other one.
    """
    if version.kind == "folder":
        return _of_folders(before, after)
    with TemporaryDirectory() as scratch:
        return _of_rows(row_diff(before, after, version.key, Path(scratch), samples=1, with_text=True))


def _of_rows(diff: RowDiff) -> str:
    if diff.columns_added or diff.columns_removed:
        removed, added = (", ".join(names) or "none" for names in (diff.columns_removed, diff.columns_added))
        return f"columns: {removed} removed, {added} added"
    of_change = (("changed", diff.changed), ("removed", diff.removed), ("added", diff.added))
    counts = ", ".join(f"{count} {change}" for change, count in of_change if count)
    if not counts:
        return ""
    samples = {sample.change: sample for sample in diff.samples}
    for change in (RowChange.CHANGED, RowChange.REMOVED, RowChange.ADDED):
        if change in samples:
            key = ", ".join(f"{name}={value}" for name, value in zip(diff.key, samples[change].key, strict=True))
            columns = ", ".join(name for name, _, _ in samples[change].values) if change is RowChange.CHANGED else ""
            description = f"column{'s' if ', ' in columns else ''} {columns}" if columns else change.value
            return f"row {key}: {description}; rows: {counts}"
    return f"rows: {counts} (no key is known)"


def _of_folders(before: Path, after: Path) -> str:
    sides = [{path.relative_to(root).as_posix(): path for path in all_files(root)} for root in (before, after)]
    for name in sorted(sides[0].keys() | sides[1].keys()):
        if name not in sides[1]:
            return f"file {name} was removed"
        if name not in sides[0]:
            return f"file {name} was added"
        if difference := _of_files(name, sides[0][name], sides[1][name]):
            return difference
    return ""


def _of_files(name: str, before: Path, after: Path) -> str:
    offset = _first_byte(before, after)
    if offset is None:
        return ""
    tensor = _first_tensor(before, after) if name.endswith(".safetensors") else None
    return f"file {name}, {f'tensor {tensor}, ' if tensor else ''}byte {offset}"


def _first_byte(before: Path, after: Path) -> int | None:
    start = 0
    with before.open("rb") as old, after.open("rb") as new:
        while True:
            a, b = old.read(_CHUNK), new.read(_CHUNK)
            if a != b:
                shared = min(len(a), len(b))
                return start + next((index for index in range(shared) if a[index] != b[index]), shared)
            if not a:
                return None
            start += len(a)


def _first_tensor(before: Path, after: Path) -> str | None:
    """The first tensor, in the order of the file, that is missing in the other file or differs."""
    try:
        tables = [_tensors(path) for path in (before, after)]
    except (ValueError, KeyError):  # no readable header
        return None
    for name, bytes_ in tables[0].items():
        if tables[1].get(name) != bytes_:
            return name
    return next((name for name in tables[1] if name not in tables[0]), None)


def _tensors(path: Path) -> dict[str, tuple[str, list[int], bytes]]:
    """Type, shape and bytes of each tensor of a safetensors file, in the order of the file."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__", None)
    in_order = sorted(header.items(), key=lambda entry: entry[1]["data_offsets"][0])
    tensors = {}
    for name, entry in in_order:
        start, end = (8 + size + offset for offset in entry["data_offsets"])
        tensors[name] = (entry["dtype"], entry["shape"], content[start:end])
    return tensors
