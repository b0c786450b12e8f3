"""Which causes can be put back from what is stored, and a version's parameters and SQL with some of them put back."""

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.walk import Explanation
from sg_assets.store.manifests import Code, Manifest

_VALUES: Final = (
    Kind.TEMPLATE, Kind.PROMPT, Kind.JUDGE, Kind.THRESHOLD, Kind.SAMPLING, Kind.TRAINING, Kind.PARAMETER, Kind.SEED,
    Kind.SQL,
)  # fmt: skip
"""Kinds that are a declared value or a query at their place."""
_READ: Final = (Kind.PARENT, Kind.ADAPTER, Kind.BASE_MODEL)
"""Kinds that may be another version that is read."""
_RANKS: Final = ("rank", "declared_rank", "rank_scale")


@dataclass(frozen=True)
class Player:
    """What is put back at a time: one cause, or all that entered at one source of rows."""

    causes: tuple[Cause, ...]
    whole: bool
    """Whether the source's content is put back as a whole; else values are."""

    @property
    def places(self) -> tuple[str, ...]:
        """Where it enters."""
        return tuple(dict.fromkeys(place for cause in self.causes for place in cause.places))


def players_of(explanation: Explanation) -> tuple[tuple[Player, ...], tuple[Cause, ...]]:
    """What can be put back, in the order of the causes, and the causes that cannot."""
    sources = {one.name for one in explanation.changed if not one.reads and _is_source(one.causes, one.name)}
    players: list[Player] = []
    left: list[Cause] = []
    taken: set[str] = set()
    for cause in explanation.causes:
        if set(cause.places) <= sources:
            for place in set(cause.places) - taken:
                of_place = tuple(one for one in explanation.causes if place in one.places)
                players.append(Player(of_place, whole=True))
                taken.add(place)
        elif _can_be_put_back(cause, explanation):
            players.append(Player((cause,), whole=False))
        else:
            left.append(cause)
    return tuple(players), tuple(left)


def parameters_with(before: Manifest, after: Manifest, causes: Collection[Cause]) -> dict[str, Any]:
    """The later version's parameters with the earlier values of some causes."""
    found = copy.deepcopy(after.parameters)
    for cause in causes:
        if cause.kind is not Kind.SQL and cause.kind not in _READ:
            _put_back(found, before.parameters, cause.name)
    return found


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


def _is_source(causes: Sequence[Cause], name: str) -> bool:
    """Whether rows enter there that came from outside: no declared value is behind them."""
    return name.startswith("raw/") or any(cause.kind is Kind.ROWS for cause in causes)


def _can_be_put_back(cause: Cause, explanation: Explanation) -> bool:
    by_name = {one.name: one for one in explanation.changed}
    if cause.kind in _READ:  # only where it is another version that is read: a revision is a parameter of its model
        return all(cause.name in {pin.asset for pin in _pins(by_name, place)} or "/" in cause.name
                   for place in cause.places)  # fmt: skip
    return cause.kind in _VALUES and "/" not in _asset_named(cause)


def _asset_named(cause: Cause) -> str:
    """The asset that a judge's cause names where it is another judge that is read."""
    return cause.name if cause.kind is Kind.JUDGE else ""


def _pins(by_name: Mapping[str, Any], place: str) -> tuple[Any, ...]:
    return (by_name[place].before, by_name[place].after) if place in by_name else ()


def _put_back(values: dict[str, Any], before: Mapping[str, Any], name: str) -> None:
    if name == "rank" and "declared_rank" in before:
        values.update({one: before[one] for one in _RANKS if one in before})
    elif not _put_back_path(values, before, name.split(".")):
        _put_back_row(values, before, name)


def _put_back_path(values: dict[str, Any], before: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Set or drop one value by its dotted name; False where neither side has it."""
    head, rest = path[0], path[1:]
    if rest and isinstance(values.get(head, {}), dict) and isinstance(before.get(head, {}), Mapping):
        if head not in values and head not in before:
            return False
        return _put_back_path(values.setdefault(head, {}), before.get(head, {}), rest)
    if rest or (head not in values and head not in before):
        return False
    if head in before:
        values[head] = copy.deepcopy(before[head])
    else:
        del values[head]
    return True


def _put_back_row(values: dict[str, Any], before: Mapping[str, Any], name: str) -> None:
    """One row of a declared table, by its key: as it was, gone where it was not, or one column of it."""
    old = {_key(row): row for row in before.get("rows", ())}
    rows: list[dict[str, Any]] = values.get("rows", [])
    key, _, column = (
        (name, "", "") if any(name == _key(row) for row in (*rows, *old.values())) else name.rpartition(", ")
    )
    if not column:
        kept = [copy.deepcopy(old[key]) if _key(row) == key and key in old else row for row in rows]
        kept = [row for row in kept if _key(row) != key or key in old]
        if key in old and all(_key(row) != key for row in kept):
            kept.append(copy.deepcopy(old[key]))
        values["rows"] = kept
        return
    for row in rows:
        if _key(row) == key:
            _put_back_path(row, old[key], [column])


def _key(row: Mapping[str, Any]) -> str:
    return str(next(iter(row.values())))
