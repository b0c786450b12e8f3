"""Suites: declared rules as parts of a table's contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sg_assets.declarations.records.expectations import Rule, Rules, queries_of
from sg_assets.declarations.records.inspections import DRIFT
from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import Ancestry, StagedTable
from sg_assets.store.contracts import Check, Suite

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Expectations:
    """The rules of a table that Great Expectations evaluates together."""

    rules: Rules
    """Rules with an expectation."""

    @property
    def names(self) -> tuple[str, ...]:
        """The rules' names."""
        return tuple(rule.id for rule in self.rules)

    @property
    def demands(self) -> Sequence[object]:
        """Types, arguments and severities."""
        return [[rule.id, rule.expectation, rule.kwargs, rule.blocking] for rule in self.rules]

    def files(self, ancestry: Ancestry) -> Sequence[Path]:  # noqa: ARG002 - they are about the table alone
        """None."""
        return ()

    def evaluate(self, staged: StagedTable) -> Sequence[AuditResult]:
        """Their results, in their order."""
        # Its import takes seconds: paid once a process, and only where a table has such rules.
        from sg_assets.quality.great_expectations import evaluate

        return evaluate(self.rules, staged)


@dataclass(frozen=True)
class Inspections:
    """The inspections of texts, and of the table against the published version."""

    rules: Rules
    """Rules with an inspection."""
    values: Values
    """Values of the ``$parameters`` that the rules name."""

    @property
    def names(self) -> tuple[str, ...]:
        """The rules' names."""
        return tuple(rule.id for rule in self.rules)

    @property
    def demands(self) -> Sequence[object]:
        """Inspections with their arguments, severities and values."""
        demands = [[rule.id, rule.look_for, rule.kwargs, rule.blocking] for rule in self.rules]
        return [*demands, dict(self.values)]

    def files(self, ancestry: Ancestry) -> Sequence[Path]:
        """The published version for inspections of drift, and ancestors that texts are compared with."""
        inspections = [rule.inspection for rule in self.rules]
        compares = any(isinstance(inspection, DRIFT) for inspection in inspections)
        published = _published(ancestry) if compares else None
        read = {table for rule in self.rules for query in queries_of(rule) for table in query.tables}
        ancestors = [file for asset in sorted(read) for file in ancestry.tables(asset)]
        return [*ancestors, *([] if published is None else [published])]

    def evaluate(self, staged: StagedTable) -> Sequence[AuditResult]:
        """Their results, in their order."""
        from sg_assets.quality.inspections import inspect

        return [inspect(rule, self.values, staged) for rule in self.rules]


def _published(ancestry: Ancestry) -> Path | None:
    """The published version; None also where it is lost or damaged: then inspections of drift say so."""
    try:
        return ancestry.published
    except SgAssetsError:
        return None


def checks_of(rules: Rules, values: Values) -> tuple[Check, ...]:
    """The rules with a SQL condition, each with the values it names."""
    return tuple(_check(rule, values) for rule in rules if rule.condition is not None)


def suites_of(rules: Rules, values: Values) -> tuple[Suite, ...]:
    """The other rules."""
    expected = tuple(rule for rule in rules if rule.expectation is not None)
    looked_for = tuple(rule for rule in rules if rule.look_for is not None)
    suites: list[Suite] = [Expectations(expected)] if expected else []
    return (*suites, *([Inspections(looked_for, _named(looked_for, values))] if looked_for else []))


def _check(rule: Rule, values: Values) -> Check:
    return Check(rule.id, rule.description, str(rule.condition), rule.blocking, _named((rule,), values))


def _named(rules: Rules, values: Values) -> dict[str, Any]:
    names = {name for rule in rules for query in queries_of(rule) for name in query.parameters}
    return {name: values[name] for name in sorted(names)}
