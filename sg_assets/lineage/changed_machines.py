"""Kinds of machine side by side: what of where two versions were made moves results of numeric work, and differs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_values import sessions
from sg_assets.store.machine_record import MachineKind
from sg_assets.store.manifests import Manifest

_OF_SESSIONS: Final = (("batch_size", "batch size"), ("device", "device"))
"""Facts that answers carry themselves, with the words for them: those of the cache were made with their own."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs between the kinds of machine of two versions."""

    name: str
    """What it is, in words."""
    old: Any
    """Its value on one side; None where it was not set or not there, a text with commas where there were several."""
    new: Any
    """Its value on the other side."""

    def __str__(self) -> str:
        return f"{self.name} {_shown(self.old)} -> {_shown(self.new)}"


def machine_causes(place: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause per thing that differs of where two versions were made, as far as both tell."""
    known = known_kinds(before) and known_kinds(after)
    declared = "threads" in before.parameters and "threads" in after.parameters
    for one in kind_differences(known_kinds(before), known_kinds(after)):
        if not (declared and one.name == "threads"):  # a parameter there, and told as such
            yield Cause(Kind.MACHINE, (place,), one.name, one.old, one.new)
    for name, words in _OF_SESSIONS:
        if name == "device" and known:
            continue  # told by the GPU
        old, new = ({one.get(name) for one in sessions(side)} for side in (before, after))
        if old and new and None not in old | new and old != new:
            yield Cause(Kind.MACHINE, (place,), words, _together(old), _together(new))


def known_kinds(version: Manifest) -> tuple[MachineKind, ...]:
    """The kinds of machine a version was made on; none where not all of them are known."""
    if any("machine" not in session for session in sessions(version)):
        return ()
    return tuple(machine.kind for machine in version.machines)


def kind_differences(before: Sequence[MachineKind], after: Sequence[MachineKind]) -> list[Difference]:
    """What differs between kinds of machine; nothing where a side is not known."""
    if not before or not after:
        return []
    old, new = [_aspects(kind) for kind in before], [_aspects(kind) for kind in after]
    names = dict.fromkeys(name for kind in (*old, *new) for name in kind)
    sides = {name: tuple({kind.get(name) for kind in side} for side in (old, new)) for name in names}
    return [Difference(name, _together(was), _together(now)) for name, (was, now) in sides.items() if was != now]


def _aspects(kind: MachineKind) -> dict[str, Any]:
    """What a kind consists of, by words that people know."""
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


def _together(values: Iterable[Any]) -> Any:  # noqa: ANN401 - plain data of a record
    told = sorted(values, key=lambda value: (value is None, str(type(value)), value or 0))
    return told[0] if len(told) == 1 else ", ".join(map(_shown, told))


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
