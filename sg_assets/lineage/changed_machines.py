"""Kinds of machine compared: the differences that can move the results of numeric work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_values import sessions
from sg_assets.store.machine_record import MachineKind
from sg_assets.store.manifests import Manifest

_OF_SESSIONS: Final = (("batch_size", "batch size"), ("device", "device"))
"""Facts recorded with each answer, with the words for them: cached answers were made with their own."""


@dataclass(frozen=True)
class Difference:
    """A difference between the kinds of machine of two versions."""

    name: str
    """The property that differs, in words."""
    old: Any
    """Its value before; None where it was not set or not available, a text with commas for several values."""
    new: Any
    """Its value after."""

    def __str__(self) -> str:
        return f"{self.name} {_shown(self.old)} -> {_shown(self.new)}"


def machine_causes(partition: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause per difference between the machines two versions were made on, where both versions record it."""
    known = known_kinds(before) and known_kinds(after)
    declared = "threads" in before.parameters and "threads" in after.parameters
    for difference in kind_differences(known_kinds(before), known_kinds(after)):
        if not (declared and difference.name == "threads"):  # a declared parameter, and reported as such
            yield Cause(Kind.MACHINE, (partition,), difference.name, difference.old, difference.new)
    for name, words in _OF_SESSIONS:
        if name == "device" and known:
            continue  # reported as the GPU
        old, new = ({session.get(name) for session in sessions(side)} for side in (before, after))
        if old and new and None not in old | new and old != new:
            yield Cause(Kind.MACHINE, (partition,), words, _joined(old), _joined(new))


def known_kinds(version: Manifest) -> tuple[MachineKind, ...]:
    """The kinds of machine a version was made on; empty where not all of them are known."""
    if any("machine" not in session for session in sessions(version)):
        return ()
    return tuple(machine.kind for machine in version.machines)


def kind_differences(before: Sequence[MachineKind], after: Sequence[MachineKind]) -> list[Difference]:
    """The differences between kinds of machine; empty where those of a side are not known."""
    if not before or not after:
        return []
    old, new = [_aspects(kind) for kind in before], [_aspects(kind) for kind in after]
    names = dict.fromkeys(name for kind in (*old, *new) for name in kind)
    sides = {name: tuple({kind.get(name) for kind in side} for side in (old, new)) for name in names}
    return [Difference(name, _joined(was), _joined(now)) for name, (was, now) in sides.items() if was != now]


def _aspects(kind: MachineKind) -> dict[str, Any]:
    """The properties of a kind of machine, by words that people know."""
    return {
        "instruction set": kind.instruction_set,
        "threads": kind.threads,
        "linear algebra": ", ".join(kind.blas) or None,
        "GPU": kind.gpu,
        "compute capability": kind.compute_capability,
        "CUDA": kind.cuda,
        "cuDNN": kind.cudnn,
        **kind.deterministic,
        **kind.limits,
    }


def _joined(values: Iterable[Any]) -> Any:  # noqa: ANN401 - plain data of a record
    ordered = sorted(values, key=lambda value: (value is None, str(type(value)), value or 0))
    return ordered[0] if len(ordered) == 1 else ", ".join(map(_shown, ordered))


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
