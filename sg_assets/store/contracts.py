"""The contract of a table: declared once, audited before each version is published."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sg_assets.errors import SgAssetsError
from sg_assets.store.columns import Column
from sg_assets.store.fingerprints import json_digest

if TYPE_CHECKING:
    from sg_assets.store.audit.results import AuditResult
    from sg_assets.store.audit.staged_table import Ancestry, StagedTable


@dataclass(frozen=True)
class Check:
    """A condition on a table's rows."""

    name: str
    description: str
    """What a passing check guarantees, in one sentence."""
    sql: str
    """A boolean SQL expression over the table's columns, or over aggregates of them. It must be true: for every row
    where it names columns outside aggregates. It may read the step's inputs as ``schema.table`` in subqueries, the
    table itself as ``this``, and the recipe's parameters as ``$name``."""
    blocking: bool = True
    """Whether a failure quarantines the version. If not, it is recorded and reported."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Values of names that the recipe's parameters do not have."""


class Suite(Protocol):
    """Demands that are evaluated together, and not as SQL conditions."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its results."""

    @property
    def demands(self) -> Sequence[object]:
        """All that decides its results, as plain data; descriptions do not count."""

    def files(self, ancestry: "Ancestry") -> Sequence[Path]:
        """The files that it opens besides the table and the step's inputs: the audit can open no others."""

    def evaluate(self, staged: "StagedTable") -> "Sequence[AuditResult]":
        """A result per name, whatever fails."""


@dataclass(frozen=True)
class Contract:
    """The demands that a table must meet to be published. ``Contract(("id",))`` demands a key alone."""

    key: tuple[str, ...] = ()
    """Columns that identify a row: present in every row, no combination twice."""
    columns: tuple[Column, ...] | None = None
    """Exactly these, in any order; None where columns are not declared."""
    checks: tuple[Check, ...] = ()
    suites: tuple[Suite, ...] = ()

    def __post_init__(self) -> None:
        """Names of checks identify results.

        Raises:
            SgAssetsError: a name that is used twice, or belongs to the audit of columns or key.
        """
        further = (name for suite in self.suites for name in suite.names)
        names = Counter(["columns", "key", *(check.name for check in self.checks), *further])
        for name, times in names.items():
            if times > 1:
                raise SgAssetsError(f"a check's name '{name}' is taken", remedy="Give each check a name of its own")

    @property
    def digest(self) -> str:
        """Changes when an audit could end differently; descriptions do not count."""
        columns = None if self.columns is None else sorted([column.name, column.type] for column in self.columns)
        checks = [[check.name, check.sql, check.blocking, dict(check.values)] for check in self.checks]
        suites = [list(suite.demands) for suite in self.suites]
        return json_digest({"key": self.key, "columns": columns, "checks": checks, "suites": suites})
