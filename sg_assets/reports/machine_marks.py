"""Marks for scores that were made on another kind of machine than the others; they are still compared."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.changed_machines import Difference, kind_differences, known_kinds
from sg_assets.store.machine_record import MachineKind
from sg_assets.store.manifests import Manifest
from sg_assets.store.pinned_inputs import lineage
from sg_assets.store.store import Store

_TRAINED = ("adapters", "models")
"""Schemas whose threads are a declared parameter: a difference in threads is no other kind of machine there."""
_NAMED = 3
"""Differences that are named; the rest is counted."""

Kinds = tuple[MachineKind, ...]


def machine_remarks(store: Store, scores: Sequence[Manifest]) -> dict[str, str]:
    """Remarks on the machines of scores, by version; empty if most were made on the same kind of machine.

    Scores of one table are compared with each other, and so are their adapters, answers and so on. A version without a
    machine record gets no remark.
    """
    remarks: dict[str, str] = {}
    for asset in dict.fromkeys(score.asset for score in scores):
        compared = [score for score in scores if score.asset == asset]
        kinds = {score.version: kinds_behind(store, score) for score in compared}
        newest_first = sorted(compared, key=lambda score: (score.finished, score.version), reverse=True)
        usual = _usual([kinds[score.version] for score in newest_first])
        remarks |= {version: _remark(own, usual) for version, own in kinds.items()}
    return remarks


def kinds_behind(store: Store, score: Manifest) -> dict[str, Kinds]:
    """The kinds of machine that a score and its inputs were made on, by asset; not of those whose record is lost."""
    by_role: dict[str, Kinds] = {}
    unknown: set[str] = set()
    for pin in lineage(store, score, []):
        role = "adapters" if pin.ref.schema == "adapters" else pin.asset
        try:
            kinds = known_kinds(store.manifest(pin.ref, pin.version))
        except SgAssetsError:
            kinds = ()
        if not kinds:
            unknown.add(role)
        if pin.ref.schema in _TRAINED:
            kinds = tuple(kind.model_copy(update={"threads": None}) for kind in kinds)
        by_role[role] = tuple({kind.digest: kind for kind in (*by_role.get(role, ()), *kinds)}.values())
    return {role: kinds for role, kinds in by_role.items() if role not in unknown}


def _usual(newest_first: Sequence[Mapping[str, Kinds]]) -> dict[str, Kinds]:
    """The most frequent kinds, by asset; the newest in a tie."""
    roles = dict.fromkeys(role for kinds in newest_first for role in kinds)
    return {role: _most([kinds[role] for kinds in newest_first if role in kinds]) for role in roles}


def _most(newest_first: Sequence[Kinds]) -> Kinds:
    counted = Counter(_names(kinds) for kinds in newest_first)
    return max(newest_first, key=lambda kinds: counted[_names(kinds)])


def _names(kinds: Kinds) -> frozenset[str]:
    return frozenset(kind.digest for kind in kinds)


def _remark(kinds: Mapping[str, Kinds], usual: Mapping[str, Kinds]) -> str:
    differing = [difference for role, own in kinds.items() for difference in kind_differences(own, usual[role])]
    texts = list(dict.fromkeys(map(_difference_text, differing)))
    if not texts:
        return ""
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return f"made on another kind of machine ({'; '.join(texts[:_NAMED])}{more})"


def _difference_text(one: Difference) -> str:
    own, others = ("none" if value is None else value for value in (one.old, one.new))
    return f"{one.name} {own}, others {others}"


def machine_kinds_text(version: Manifest) -> str:
    """The kinds of machine a version was made on, in a few words."""
    kinds = dict.fromkeys(map(_in_words, known_kinds(version)))
    return "; ".join(kinds) or "not recorded"


def _in_words(kind: MachineKind) -> str:
    gpu = () if kind.gpu is None else (kind.gpu, f"CUDA {kind.cuda}")
    threads = () if kind.threads is None else (f"{kind.threads} thread{'' if kind.threads == 1 else 's'}",)
    return ", ".join((*gpu, kind.instruction_set, *threads))
