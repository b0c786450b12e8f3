"""Why a version can differ from another, as values, apart from how they are shown."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """The kind of a cause. Two versions differ for a known reason, or for one that cannot be known."""

    ROWS = "rows"
    """The content of a source changed: rows that are declared, or files that are read."""

    TEMPLATE = "template"
    """A row of ``templated/templates`` was added, removed or reworded."""

    PROMPT = "prompt text"
    """The instruction, examples or lexicon that a generator is given with the prompt."""

    JUDGE = "judge"
    """Another judge is called, or a judge was fitted with other settings. Not its threshold, not its texts."""

    THRESHOLD = "threshold"
    """The number that raw scores are compared with. The raw scores do not depend on it."""

    SAMPLING = "sampling settings"
    """How answers are decoded: length limits, precision. Not the batches and the device, which decide no answer."""

    GENERATOR = "generator"
    """The declaration of the generator of safe answers changed. Its rule is code, and reported as such."""

    TRAINING = "training parameter"
    """A hyper-parameter of an adapter's training, or of a chat model's that is trained here. Not its seed."""

    METHOD = "training method"
    """Two adapters were trained by different methods, from tables of their own; only where two variants are
    compared."""

    PARENT = "parent adapter"
    """An adapter was trained on top of another adapter than before, or on no adapter."""

    ADAPTER = "adapter"
    """Another adapter answers, or none; only where two variants are compared, or a declaration changed."""

    BASE_MODEL = "base model"
    """Another chat model is used, or its repository, revision or resolved commit changed."""

    PARAMETER = "parameter"
    """Any other declared value that the work reads, such as a sample's size."""

    SQL = "SQL text"
    """The canonical text of a query changed; comments and layout are not part of that text."""

    CODE = "code"
    """The normal form of a definition changed: its syntax tree without names, layout and comments."""

    LIBRARY = "library"
    """A library that can move the result had another version. Of answers: when they were generated."""

    MACHINE = "machine"
    """The version was made on another kind of machine, or its answers in other batches. That puts nothing out of date,
    but where contents differ it may be the reason. Only where both versions record it."""

    SEED = "seed"
    """A parameter named ``seed``."""

    INPUT = "input"
    """An input was added or removed that no other kind names."""

    NOT_REPEATED = "not repeated"
    """The content differs though inputs, code, parameters and libraries are equal and no other kind of machine is
    known: the step does not repeat itself. Also where an SQL file declares that its table is not reproducible."""

    RECORDED = "recorded differently"
    """The code of one version was recorded by modules, that of the other by definitions: no edit is known."""

    UNKNOWN = "unknown"
    """History is missing: a manifest, a source text or a content was removed, or cannot be read."""


LOST_CONTENT: Final = "content"
"""The name of the unknown cause of a version whose content is gone. The version differs for other reasons."""


@dataclass(frozen=True)
class Cause:
    """A reason why contents differ, with the asset partitions it enters at."""

    kind: Kind
    """Its kind."""
    places: tuple[str, ...]
    """The asset partitions it enters at; several where a declared value or module serves several."""
    name: str
    """The name of what changed: a parameter, a module, an SQL file, a library, a row's key, an asset."""
    old: Any = None
    """The value before, plain data; None where it was not set, or where ``diff`` shows it."""
    new: Any = None
    """The value after."""
    diff: str | None = None
    """A unified diff, where the values are texts."""
    note: str = ""
    """A remark for readers, such as why the change cannot be known."""
    absent: str = ""
    """Why a side has no value, such as "not a parameter of SFT"; empty where it might have one."""

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for a cause that enters at several asset partitions."""
        return (self.kind, self.name, repr(self.old), repr(self.new), self.diff, self.note, self.absent)


def is_lost_content(cause: Cause) -> bool:
    """Whether a cause only says that the content of a version is gone."""
    return cause.kind is Kind.UNKNOWN and cause.name == LOST_CONTENT


_ORDER = {kind: index for index, kind in enumerate(Kind)}


def merged(causes: "list[Cause]") -> tuple[Cause, ...]:
    """Each cause once, with all asset partitions it enters at; by kind, then in the order given."""
    merged_causes: dict[tuple[object, ...], Cause] = {}
    for cause in causes:
        first = merged_causes.setdefault(cause.identity, cause)
        partitions = tuple(dict.fromkeys((*first.places, *cause.places)))
        merged_causes[cause.identity] = replace(first, places=partitions)
    return tuple(sorted(merged_causes.values(), key=lambda cause: _ORDER[cause.kind]))
