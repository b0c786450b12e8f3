"""How definitions are left out of a step's code: by name, each for a reason. The table is `excluded`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sg_assets.code.modules import Definition


class Why(StrEnum):
    """Why a definition decides no result."""

    OBSERVES = "observes"
    """It reports, waits, measures or locks. Its call stays in the caller's form, texts given to it do not count, and
    nothing that it returns is used."""

    PINNED = "pinned"
    """It finds, reads or keeps content that the recipe names by digest: by whatever way, it is the same content."""

    PARAMETERS = "parameters"
    """A record of declared values. Fields count by their values, as parameters of the recipe; its methods count as
    code."""

    ERRORS = "errors"
    """It words an error. Whether one is raised is in the caller's form."""


@dataclass(frozen=True)
class Excluded:
    """Definitions of one module that are left out for one reason."""

    module: str
    names: tuple[str, ...]
    why: Why
    reason: str
    brings: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    """Of an excluded class: what a use of a method brings into the closure all the same, by method."""
    returns: str = ""
    """Where something that an observing definition returns is used: why that decides nothing."""
    known_as: Mapping[str, str] = field(default_factory=dict)
    """By name, of what was renamed: its first name. Which pinned definition is used is content, its name is not: a
    rename is noted here and moves nothing."""


class Exclusions:
    """The table, by definition."""

    def __init__(self, table: Iterable[Excluded]) -> None:
        """Of a table; a definition stands in it once."""
        self._entries: dict[Definition, Excluded] = {}
        self._brought: dict[str, set[Definition]] = {}
        for entry in table:
            for name in entry.names:
                definition = Definition(entry.module, name)
                if definition in self._entries:
                    raise AssertionError(f"{definition} is excluded twice")
                self._entries[definition] = entry
                for method, definitions in entry.brings.items():
                    self._brought.setdefault(method, set()).update(definitions)

    def get(self, definition: object) -> Excluded | None:
        """The entry of a definition, if it has one."""
        return self._entries.get(definition) if isinstance(definition, Definition) else None

    def leaves_out(self, definition: object) -> bool:
        """Whether the whole definition is left out; of a record of parameters the methods stay."""
        entry = self.get(definition)
        return entry is not None and entry.why is not Why.PARAMETERS

    def key(self, definition: Definition) -> str:
        """What a normal form has in the place of a definition that is left out."""
        entry = self._entries[definition]
        observes = entry.why is not Why.PINNED
        return str(entry.why) if observes else entry.known_as.get(definition.name, definition.name)

    def brought(self, method: str) -> set[Definition]:
        """What a use of a method brings, of whichever excluded class it is."""
        return self._brought.get(method, set())

    def items(self) -> Iterable[tuple[Definition, Excluded]]:
        """All entries."""
        return self._entries.items()
