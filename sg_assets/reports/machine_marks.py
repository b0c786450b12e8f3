"""Which scores were made on another kind of machine than those they stand beside: marked, and compared all the same."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sg_assets.lineage.changed_machines import Difference, kind_differences, known_kinds
from sg_assets.store.machine_record import MachineKind
from sg_assets.store.manifests import Manifest
from sg_assets.store.pinned_inputs import lineage
from sg_assets.store.store import Store

_TRAINED = ("adapters", "models")
"""Schemas whose threads are a declared parameter: other threads are no other kind of machine there."""
_NAMED = 3
"""Differences that are named; the rest is counted."""

Kinds = tuple[MachineKind, ...]


def machine_remarks(store: Store, scores: Sequence[Manifest]) -> dict[str, str]:
    """What is to be said of where scores were made, by version; empty where most were made on its kind of machine.

    Scores of one table are looked at together, and of what they rest on adapters with adapters, answers with answers,
    and so on. Of what does not tell where it was made nothing is claimed.
    """
    found: dict[str, str] = {}
    for asset in dict.fromkeys(score.asset for score in scores):
        beside = [score for score in scores if score.asset == asset]
        kinds = {score.version: kinds_behind(store, score) for score in beside}
        newest_first = sorted(beside, key=lambda score: (score.finished, score.version), reverse=True)
        usual = _usual([kinds[score.version] for score in newest_first])
        found |= {version: _remark(one, usual) for version, one in kinds.items()}
    return found


def kinds_behind(store: Store, score: Manifest) -> dict[str, Kinds]:
    """The kinds of machine that a score and what it rests on were made on, by what was made there."""
    found: dict[str, Kinds] = {}
    unknown: set[str] = set()
    for pin in lineage(store, score):
        role = "adapters" if pin.ref.schema == "adapters" else pin.asset
        version = store.manifest(pin.ref, pin.version)
        kinds = known_kinds(version)
        if not kinds:
            unknown.add(role)
        if pin.ref.schema in _TRAINED:
            kinds = tuple(kind.model_copy(update={"threads": None}) for kind in kinds)
        found[role] = tuple({kind.digest: kind for kind in (*found.get(role, ()), *kinds)}.values())
    return {role: kinds for role, kinds in found.items() if role not in unknown}


def _usual(newest_first: Sequence[Mapping[str, Kinds]]) -> dict[str, Kinds]:
    """The kinds of most, by what was made there; of as many on each, those of the newest."""
    roles = dict.fromkeys(role for kinds in newest_first for role in kinds)
    return {role: _most([kinds[role] for kinds in newest_first if role in kinds]) for role in roles}


def _most(newest_first: Sequence[Kinds]) -> Kinds:
    counted = Counter(_names(kinds) for kinds in newest_first)
    return max(newest_first, key=lambda kinds: counted[_names(kinds)])


def _names(kinds: Kinds) -> frozenset[str]:
    return frozenset(kind.digest for kind in kinds)


def _remark(kinds: Mapping[str, Kinds], usual: Mapping[str, Kinds]) -> str:
    differing = [one for role, its in kinds.items() for one in kind_differences(its, usual[role])]
    told = list(dict.fromkeys(map(_told, differing)))
    if not told:
        return ""
    more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return f"made on another kind of machine ({'; '.join(told[:_NAMED])}{more})"


def _told(one: Difference) -> str:
    own, others = ("none" if value is None else value for value in (one.old, one.new))
    return f"{one.name} {own}, others {others}"


def told_kind(version: Manifest) -> str:
    """The kinds of machine a version was made on, in a few words."""
    kinds = dict.fromkeys(map(_in_words, known_kinds(version)))
    return "; ".join(kinds) or "not recorded"


def _in_words(kind: MachineKind) -> str:
    gpu = () if kind.gpu is None else (kind.gpu, f"CUDA {kind.cuda}")
    threads = () if kind.threads is None else (f"{kind.threads} thread{'' if kind.threads == 1 else 's'}",)
    return ", ".join((*gpu, kind.instruction_set, *threads))
