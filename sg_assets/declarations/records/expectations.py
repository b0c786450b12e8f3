"""Rules of tables beyond their columns and keys: ``models/expectations/<schema>/<table>.yaml``.

A file ``models/expectations/<schema>.yaml`` is about every table of the schema.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.inspections import INSPECTIONS, Inspection
from sg_assets.declarations.sql import Query, condition_select, parse_query

FOLDER = "models/expectations"
KEY = "expectations"
"""Of the list in each file."""


class Rule(Record):
    """A rule of a table: an expectation of Great Expectations, an SQL condition, or an inspection."""

    id: SafeName
    """The name of the check in Dagster."""
    description: str
    """The statement that is true if the check passes, in one sentence."""
    expectation: str | None = None
    """The type, as Great Expectations names it: ``expect_column_values_to_be_between``."""
    condition: str | None = None
    """A condition on the table (``this``): true for every row, or of aggregates. It may read the table's inputs."""
    look_for: str | None = None
    """One of `INSPECTIONS`."""
    kwargs: dict[str, Any] = Field(default_factory=dict)
    """The arguments of the expectation or inspection."""
    severity: Literal["error", "warning"] = "error"
    """Whether a table that fails goes to quarantine, or is published with a warning."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(demand is not None for demand in (self.expectation, self.condition, self.look_for)) != 1:
            raise ValueError("needs exactly one of 'expectation', 'condition' and 'look_for'")
        if self.condition is not None and self.kwargs:
            raise ValueError("a condition takes no kwargs")
        return self

    @property
    def blocking(self) -> bool:
        """Whether a failure keeps a table from being published."""
        return self.severity == "error"

    @property
    def inspection(self) -> Inspection:
        """The inspection; only of a checked rule that has one."""
        return INSPECTIONS[str(self.look_for)].model_validate(self.kwargs)


Rules = tuple[Rule, ...]


def rules_of(expectations: Mapping[str, Rules], asset: str) -> Rules:
    """The rules of a table: those of its schema, then its own."""
    return (*expectations.get(asset.split("/", maxsplit=1)[0], ()), *expectations.get(asset, ()))


def queries_of(rule: Rule) -> tuple[Query, ...]:
    """The SQL of a rule that was checked, parsed."""
    return tuple(parsed(statement, rule.id) for statement in statements(rule))


def statements(rule: Rule) -> list[str]:
    """The SQL of a rule as SELECTs over ``this`` and other tables."""
    if rule.condition is not None:
        return [condition_select(rule.condition)]
    if rule.look_for is None:
        return []
    inspection = rule.inspection
    text, texts, against = (getattr(inspection, name, None) for name in ("text", "texts", "against"))
    alone = [] if text is None else [condition_select(text)]
    return [*alone, *([] if texts is None else [texts]), *(against or ())]


@cache
def parsed(statement: str, where: str) -> Query:
    """A SELECT that may read ``this`` besides assets.

    Raises:
        SgAssetsError: it does not parse, or reads something else.
    """
    return parse_query(statement, where=where, local=("this",))
