"""Which causes can be restored from the store, and a version's parameters and SQL with some of them restored."""

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind, is_lost_content
from sg_assets.lineage.walk import ChangedPartition, Explanation
from sg_assets.store.manifests import Code, Manifest, PinnedInput

_VALUES: Final = (
    Kind.TEMPLATE, Kind.PROMPT, Kind.JUDGE, Kind.THRESHOLD, Kind.SAMPLING, Kind.TRAINING, Kind.PARAMETER, Kind.SEED,
    Kind.SQL,
)  # fmt: skip
"""Kinds that are a declared value or a query of the partition they enter at."""
READ_KINDS: Final = (Kind.PARENT, Kind.ADAPTER, Kind.BASE_MODEL)
"""Kinds that may be another version that is read."""
_RANKS: Final = ("rank", "declared_rank", "rank_scale")


@dataclass(frozen=True)
class RestorableCause:
    """Causes that are restored together: a single cause, or all that entered at one source of rows."""

    causes: tuple[Cause, ...]
    """One, or those of the source."""
    whole: bool
    """Whether the source's content is restored as a whole; else values are."""

    @property
    def places(self) -> tuple[str, ...]:
        """The asset partitions it enters at."""
        return tuple(dict.fromkeys(partition for cause in self.causes for partition in cause.places))


def restorable_causes(explanation: Explanation) -> tuple[tuple[RestorableCause, ...], tuple[Cause, ...]]:
    """The causes that can be restored, in their order, and those that cannot."""
    causes = [cause for cause in explanation.causes if not is_lost_content(cause)]  # no reason to differ
    sources = {changed.name for changed in explanation.changed if not changed.reads and _is_source(changed)}
    restorable: list[RestorableCause] = []
    not_restorable: list[Cause] = []
    restored_sources: set[str] = set()
    for cause in causes:
        if set(cause.places) <= sources:
            for source in set(cause.places) - restored_sources:
                of_source = tuple(other for other in causes if source in other.places)
                restorable.append(RestorableCause(of_source, whole=True))
                restored_sources.add(source)
        elif _can_be_restored(cause, explanation):
            restorable.append(RestorableCause((cause,), whole=False))
        else:
            not_restorable.append(cause)
    return tuple(restorable), tuple(not_restorable)


def parameters_with(before: Manifest, after: Manifest, causes: Collection[Cause]) -> dict[str, Any]:
    """The later version's parameters with the earlier values of some causes."""
    parameters = copy.deepcopy(after.parameters)
    for cause in causes:
        if cause.kind is not Kind.SQL and cause.kind not in READ_KINDS:
            _restore(parameters, before.parameters, cause.name)
    return parameters


def code_with(before: Manifest, after: Manifest, causes: Collection[Cause]) -> Code:
    """The later version's code with the earlier text of some queries."""
    texts = dict(after.code.texts)
    for cause in causes:
        if cause.kind is Kind.SQL:
            texts.pop(cause.name, None)
            if cause.name in before.code.texts:
                texts[cause.name] = before.code.texts[cause.name]
    if texts == after.code.texts:
        return after.code
    whole = texts == before.code.texts and after.code.definitions == before.code.definitions
    return after.code.model_copy(update={"fingerprint": before.code.fingerprint if whole else "", "texts": texts})


def _is_source(changed: ChangedPartition) -> bool:
    """Whether rows come from outside the project at a partition: no declared value decides them."""
    return changed.name.startswith("raw/") or any(cause.kind is Kind.ROWS for cause in changed.causes)


def _can_be_restored(cause: Cause, explanation: Explanation) -> bool:
    by_name = {changed.name: changed for changed in explanation.changed}
    if (
        cause.kind in READ_KINDS
    ):  # only where it is another version that is read: a revision is a parameter of its model
        return all(cause.name in {pin.asset for pin in _pins(by_name, partition)} or "/" in cause.name
                   for partition in cause.places)  # fmt: skip
    return cause.kind in _VALUES and "/" not in _asset_named(cause)


def _asset_named(cause: Cause) -> str:
    """The asset that a judge's cause names where it is another judge that is read."""
    return cause.name if cause.kind is Kind.JUDGE else ""


def _pins(by_name: Mapping[str, ChangedPartition], name: str) -> tuple[PinnedInput, ...]:
    return (by_name[name].before, by_name[name].after) if name in by_name else ()


def _restore(values: dict[str, Any], before: Mapping[str, Any], name: str) -> None:
    if name == "rank" and "declared_rank" in before:
        values.update({rank: before[rank] for rank in _RANKS if rank in before})
    elif not _restore_path(values, before, name.split(".")):
        _restore_row(values, before, name)


def _restore_path(values: dict[str, Any], before: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Set or drop a value by its dotted name; False where neither side has the name."""
    head, rest = path[0], path[1:]
    if rest and isinstance(values.get(head, {}), dict) and isinstance(before.get(head, {}), Mapping):
        if head not in values and head not in before:
            return False
        return _restore_path(values.setdefault(head, {}), before.get(head, {}), rest)
    if rest or (head not in values and head not in before):
        return False
    if head in before:
        values[head] = copy.deepcopy(before[head])
    else:
        del values[head]
    return True


def _restore_row(values: dict[str, Any], before: Mapping[str, Any], name: str) -> None:
    """A row of a declared table, by its key, as it was: all of it or one column; removed where it was added since."""
    old = {_key(row): row for row in before.get("rows", ())}
    rows: list[dict[str, Any]] = values.get("rows", [])
    key, _, column = (
        (name, "", "") if any(name == _key(row) for row in (*rows, *old.values())) else name.rpartition(", ")
    )
    if not column:
        restored = [copy.deepcopy(old[key]) if _key(row) == key and key in old else row for row in rows]
        restored = [row for row in restored if _key(row) != key or key in old]
        if key in old and all(_key(row) != key for row in restored):
            restored.append(copy.deepcopy(old[key]))
        values["rows"] = restored
        return
    for row in rows:
        if _key(row) == key:
            _restore_path(row, old[key], [column])


def _key(row: Mapping[str, Any]) -> str:
    return str(next(iter(row.values())))
