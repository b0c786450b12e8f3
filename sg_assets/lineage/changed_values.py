"""Declared values side by side: parameters of two versions of one asset."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.store.manifests import Manifest

_ROWS: Final = {
    "templated/templates": Kind.TEMPLATE,
    "synthesized/few_shots": Kind.PROMPT,
    "synthesized/lexicon": Kind.PROMPT,
}
"""Tables whose rows are declared, by what they are for."""
_BY_SCHEMA: Final = {
    "adapters": Kind.TRAINING,
    "responses": Kind.SAMPLING,
    "judges": Kind.JUDGE,
    "judgements": Kind.JUDGE,
}
_BY_ASSET: Final = {"synthesized/base_responses": Kind.SAMPLING, "models/generator": Kind.GENERATOR}
_LABEL_BOUNDS: Final = ("safe_at_most", "unsafe_at_least")
_HUB: Final = ("repo", "revision", "trust_remote_code")
_TEXTS: Final = (Kind.TEMPLATE, Kind.PROMPT)
"""Kinds whose values are texts that people write."""
_FACTS: Final = ("batch_size", "device", "threads")
"""Parameters of earlier versions that are facts of a run by now (`declarations.facts`): told by where it ran."""
_RANKS: Final = ("declared_rank", "rank_scale")

Values = Mapping[str, Any]


def parameter_causes(place: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause per declared value that differs; rows of declared tables and files count one by one."""
    old, new = effective_parameters(before), effective_parameters(after)
    recorded_otherwise = {name for name in _FACTS if (name in old) != (name in new)}
    for name in sorted((old.keys() | new.keys()) - recorded_otherwise):
        was, now = old.get(name), new.get(name)
        if _written(was) != _written(now) and not _is_own_name(was, now, before, after):
            yield from _causes(place, kind_of(after.asset, name), name, was, now)


def effective_parameters(manifest: Manifest) -> dict[str, Any]:
    """The parameters that had an effect, nested ones by dotted name.

    A rank is the effective one: the declared rank and the profile's scale act through it alone.
    """
    found = dict(_flat(manifest.parameters))
    if sessions(manifest):
        found = {name: value for name, value in found.items() if name not in _FACTS}
    declared = found.get("declared_rank")
    if manifest.asset.startswith("adapters/") and "rank" in found and declared not in (None, found["rank"]):
        found["rank"] = f"{found['rank']} (declared {declared})"
    return {name: value for name, value in found.items() if name not in _RANKS}


def sessions(manifest: Manifest) -> Sequence[Values]:
    """How the answers of a version were made, where it holds answers and tells."""
    told = manifest.details.get("sessions")
    return [one for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []


def text_diff(name: str, old: str, new: str) -> str:
    """A unified diff of two texts."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"{name} before", f"{name} after", lineterm="")
    return "\n".join(lines)


def _written(value: object) -> str:
    """Plain data as it is kept: whether it came from a file or was just declared makes no difference."""
    return json.dumps(value, sort_keys=True, default=str)


def _is_own_name(old: object, new: object, before: Manifest, after: Manifest) -> bool:
    """Whether the values are the names of the partitions compared: that is asked, not an answer."""
    return before.partition != after.partition and (old, new) == (before.partition, after.partition)


def _flat(values: Values, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _causes(place: str, kind: Kind, name: str, old: Any, new: Any) -> Iterator[Cause]:  # noqa: ANN401
    if _are_rows(old) and _are_rows(new):
        yield from _row_causes(place, kind, old, new)
    else:
        yield _cause(place, kind, name, old, new)


def kind_of(asset: str, name: str) -> Kind:  # noqa: PLR0911 - a table of cases, each its own answer
    """The kind of a parameter, by its asset and its name."""
    last = name.rpartition(".")[2]
    schema = asset.partition("/")[0]
    if last == "seed":
        return Kind.SEED
    if name.startswith("thresholds.") or last.endswith("_threshold") or last in _LABEL_BOUNDS:
        return Kind.THRESHOLD
    if name in ("rows", "files"):
        return _ROWS.get(asset, Kind.ROWS)
    if last == "instruction":
        return Kind.PROMPT
    if schema == "models" and last in _HUB:
        return Kind.BASE_MODEL
    if asset == "models/chat":
        return Kind.TRAINING
    return _BY_ASSET.get(asset) or _BY_SCHEMA.get(schema, Kind.PARAMETER)


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) and one for one in value)


def _row_causes(place: str, kind: Kind, old: Sequence[Values], new: Sequence[Values]) -> Iterator[Cause]:
    """Rows by their first column, which is their key."""
    before, after = _by_key(old), _by_key(new)
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if was is None or now is None or "sha256" in now:
            yield _cause(place, kind, key, _told(was), _told(now))
        else:
            columns = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
            for column in columns:
                name = key if len(columns) == 1 else f"{key}, {column}"
                yield _cause(place, kind, name, was.get(column), now.get(column))


def _by_key(rows: Sequence[Values]) -> dict[str, Values]:
    return {str(next(iter(row.values()))): row for row in rows}


def _told(row: Values | None) -> Any:  # noqa: ANN401
    """A row without its key; a file in a few words."""
    if row is None:
        return None
    if "sha256" in row:
        return f"{row.get('bytes')} bytes, sha256 {str(row['sha256'])[:8]}"
    return dict(list(row.items())[1:])


def _cause(place: str, kind: Kind, name: str, old: Any, new: Any) -> Cause:  # noqa: ANN401
    if isinstance(old, str) and isinstance(new, str) and (kind in _TEXTS or "\n" in old + new):
        return Cause(kind, (place,), name, old, new, text_diff(name, old, new))
    return Cause(kind, (place,), name, old, new)
