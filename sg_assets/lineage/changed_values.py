"""Declared values compared: the parameters of two versions of one asset."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.lineage.causes import Cause, Kind
from sg_assets.store.manifests import Manifest

_LABEL_BOUNDS: Final = ("safe_at_most", "unsafe_at_least")
_HUB: Final = ("repo", "revision", "trust_remote_code", "weights", "tokenizer", "tokenizer_files")
_TEXTS: Final = (Kind.TEMPLATE, Kind.PROMPT)
"""Kinds whose values are texts that people write."""
_FACTS: Final = ("batch_size", "device", "threads")
"""Parameters of earlier versions that are facts of a run today (`declarations.recipe_parameters`): reported with the
machine."""
_RANKS: Final = ("declared_rank", "rank_scale")

Values = Mapping[str, Any]


def parameter_causes(partition: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause per declared value that differs; each row of a declared table and each file counts by itself."""
    old, new = effective_parameters(before), effective_parameters(after)
    recorded_differently = {name for name in _FACTS if (name in old) != (name in new)}
    for name in sorted((old.keys() | new.keys()) - recorded_differently):
        was, now = old.get(name), new.get(name)
        if _written(was) != _written(now) and not _is_own_name(was, now, before, after):
            yield from _causes(partition, cause_kind(after.asset, name), name, was, now)


def effective_parameters(manifest: Manifest) -> dict[str, Any]:
    """The parameters that had an effect, nested ones by dotted name.

    A rank is the effective one: the declared rank and the profile's scale act through it alone.
    """
    parameters = dict(_flat(manifest.parameters))
    if sessions(manifest):
        parameters = {name: value for name, value in parameters.items() if name not in _FACTS}
    declared = parameters.get("declared_rank")
    if kind_of(manifest.asset) is ADAPTER and "rank" in parameters and declared not in (None, parameters["rank"]):
        parameters["rank"] = f"{parameters['rank']} (declared {declared})"
    return {name: value for name, value in parameters.items() if name not in _RANKS}


def sessions(manifest: Manifest) -> Sequence[Values]:
    """How the answers of a version were generated; empty where it holds none or does not record it."""
    recorded = manifest.details.get("sessions")
    return [session for session in recorded if isinstance(session, Mapping)] if isinstance(recorded, list) else []


def text_diff(name: str, old: str, new: str) -> str:
    """A unified diff of two texts."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"{name} before", f"{name} after", lineterm="")
    return "\n".join(lines)


def _written(value: object) -> str:
    """Plain data as it is stored: a value from a manifest equals the declared value it came from."""
    return json.dumps(value, sort_keys=True, default=str)


def _is_own_name(old: object, new: object, before: Manifest, after: Manifest) -> bool:
    """Whether the values are the names of the partitions compared: that is the question, not a cause."""
    return before.partition != after.partition and (old, new) == (before.partition, after.partition)


def _flat(values: Values, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _causes(partition: str, kind: Kind, name: str, old: Any, new: Any) -> Iterator[Cause]:  # noqa: ANN401
    if _are_rows(old) and _are_rows(new):
        yield from _row_causes(partition, kind, old, new)
    else:
        yield _cause(partition, kind, name, old, new)


def cause_kind(asset: str, name: str) -> Kind:
    """The kind of cause that a changed parameter is, by its asset and its name."""
    last, kind = name.rpartition(".")[2], kind_of(asset)
    if last == "seed":
        return Kind.SEED
    if name.startswith("thresholds.") or last.endswith("_threshold") or last in _LABEL_BOUNDS:
        return Kind.THRESHOLD
    if name in ("rows", "files"):
        return Kind(kind.rows_cause)
    if last == "instruction":
        return Kind.PROMPT
    if kind.hub_cause is not None and last in _HUB:
        return Kind(kind.hub_cause)
    return Kind(kind.cause)


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) and row for row in value)


def _row_causes(partition: str, kind: Kind, old: Sequence[Values], new: Sequence[Values]) -> Iterator[Cause]:
    """Rows compared by their first column, which is their key."""
    before, after = _by_key(old), _by_key(new)
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if was is None or now is None or "sha256" in now:
            yield _cause(partition, kind, key, _without_key(was), _without_key(now))
        else:
            columns = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
            for column in columns:
                name = key if len(columns) == 1 else f"{key}, {column}"
                yield _cause(partition, kind, name, was.get(column), now.get(column))


def _by_key(rows: Sequence[Values]) -> dict[str, Values]:
    return {str(next(iter(row.values()))): row for row in rows}


def _without_key(row: Values | None) -> Any:  # noqa: ANN401
    """A row without its key; a file in a few words."""
    if row is None:
        return None
    if "sha256" in row:
        return f"{row.get('bytes')} bytes, sha256 {str(row['sha256'])[:8]}"
    return dict(list(row.items())[1:])


def _cause(partition: str, kind: Kind, name: str, old: Any, new: Any) -> Cause:  # noqa: ANN401
    if isinstance(old, str) and isinstance(new, str) and (kind in _TEXTS or "\n" in old + new):
        return Cause(kind, (partition,), name, old, new, text_diff(name, old, new))
    return Cause(kind, (partition,), name, old, new)
