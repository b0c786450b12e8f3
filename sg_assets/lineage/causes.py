"""What can stand behind a changed version, as values, apart from how it is shown."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a cause is. Two versions differ for a reason of some kind, or for one that cannot be known."""

    ROWS = "rows"
    """The content of a source changed: rows that are declared, or files that are read."""

    TEMPLATE = "template"
    """A row of ``templated/templates`` was added, removed or reworded."""

    PROMPT = "prompt text"
    """What a generator is told besides the prompt: its instruction, its examples, its lexicon."""

    JUDGE = "judge"
    """Another judge is asked, or a judge was fitted with other settings. Not its threshold, not its texts."""

    THRESHOLD = "threshold"
    """A number that scores are compared with. Raw scores do not depend on it."""

    SAMPLING = "sampling settings"
    """How answers are decoded: length limits, precision. Not the batches and the device, which decide no answer."""

    GENERATOR = "generator"
    """Who writes the safe answers was declared anew. Its rule is code, and reported as such."""

    TRAINING = "training parameter"
    """A hyper-parameter of an adapter's training, or of a chat model's that is trained here. Not its seed."""

    METHOD = "training method"
    """Two adapters were trained by different methods; only where two variants are compared."""

    PARENT = "parent adapter"
    """An adapter was trained on top of another adapter than before, or on none."""

    ADAPTER = "adapter"
    """Another adapter is used to answer, or none; only where two variants are compared, or a declaration moved."""

    BASE_MODEL = "base model"
    """Another chat model is used, or its repository, revision or resolved commit changed."""

    PARAMETER = "parameter"
    """Any other declared value that the work reads, such as a sample's size."""

    SQL = "SQL text"
    """The canonical text of a query changed: comments and layout are no part of it."""

    CODE = "code"
    """The normal form of a definition changed: its syntax tree without what decides nothing."""

    LIBRARY = "library"
    """A library that can move the result had another version. Of answers: when they were generated."""

    MACHINE = "machine"
    """It was made on another kind of machine, or answers in other batches. Nothing is out of date by that, but where
    contents differ it may be the reason. Only where both sides tell."""

    SEED = "seed"
    """A parameter named ``seed``."""

    INPUT = "input"
    """Something is read that was not read before, or no longer, and no other kind says what it is."""

    NOT_REPEATED = "not repeated"
    """Inputs, code, parameters and libraries are equal, no other kind of machine is known of, and the content is not:
    the work does not repeat itself."""

    RECORDED = "recorded differently"
    """The code of one version was recorded by modules, that of the other by definitions: no edit is known."""

    UNKNOWN = "unknown"
    """History is missing: a manifest, a source text or a content was removed, or cannot be read."""


@dataclass(frozen=True)
class Cause:
    """One reason why contents differ, where it enters."""

    kind: Kind
    places: tuple[str, ...]
    """The asset partitions it enters at; several where one declared value or module serves several."""
    name: str
    """What changed there: a parameter, a module, an SQL file, a library, a row's key, an asset."""
    old: Any = None
    """The value before, plain data; None where there was none, or where ``diff`` says it."""
    new: Any = None
    """The value after."""
    diff: str | None = None
    """A unified diff, where the values are texts."""
    note: str = ""
    """What a reader must know besides, such as why something cannot be known."""

    @property
    def same_elsewhere(self) -> tuple[object, ...]:
        """Equal for causes that are one cause at several places."""
        return (self.kind, self.name, repr(self.old), repr(self.new), self.diff, self.note)


_ORDER = {kind: place for place, kind in enumerate(Kind)}


def merged(causes: "list[Cause]") -> tuple[Cause, ...]:
    """Each cause once, with all its places; by kind, then in the order found."""
    found: dict[tuple[object, ...], Cause] = {}
    for one in causes:
        first = found.setdefault(one.same_elsewhere, one)
        places = tuple(dict.fromkeys((*first.places, *one.places)))
        found[one.same_elsewhere] = replace(first, places=places)
    return tuple(sorted(found.values(), key=lambda one: _ORDER[one.kind]))
