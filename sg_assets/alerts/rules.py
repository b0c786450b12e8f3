"""The declared alert rules, as answers about subjects and incidents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cached_property

from sg_assets.alerts.incidents import Event, Incident, Subject
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.records.alerts import SEVERITIES, Alerts, Severity
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class AlertRules:
    """The declared alerts of a profile, and the graph that says which asset is made from which."""

    profile: str
    declared: Alerts
    graph: Graph
    other_assets: frozenset[str] = frozenset()
    """Assets outside the graph: observed sources, and the status page."""
    _ancestors_of: dict[Ref, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def owner(self, subject: Subject) -> str | None:
        """The declared owner of a subject's asset."""
        return None if subject.asset is None else self.declared.owner_of(subject.asset)

    def is_quiet(self, event: Event, *, has_passed: bool) -> bool:
        """Whether no target gets a notice of a failure."""
        subject = event.subject
        return any(
            subject.asset is not None
            and fnmatchcase(subject.asset, rule.assets)
            and (rule.checks is None or subject.name in rule.checks)
            and not (rule.unless == "regressed" and has_passed)
            for rule in self.declared.quiet
        )

    def targets(self, incident: Incident) -> tuple[str, ...]:
        """The targets of an incident's notices, in declared order: by severity, owner and asset group."""
        group = None if incident.subject.asset is None else incident.subject.asset.split("/")[0]
        matching = (
            route.to
            for route in self.declared.routes
            if is_at_least(incident.severity, route.severity)
            and (route.owners is None or incident.owner in route.owners)
            and (route.groups is None or group in route.groups)
        )
        return tuple(dict.fromkeys(target for to in matching for target in to))

    def escalated(self, incident: Incident, now: datetime) -> Severity:
        """The severity of an incident after the declared escalations."""
        due = [
            rule.to
            for rule in self.declared.escalate
            if rule.severity == incident.severity
            and (
                incident.failures >= rule.after_failures
                if rule.after_failures is not None
                else now - incident.raised >= timedelta(hours=rule.after_hours or 0)
            )
        ]
        return worst([incident.severity, *due])

    def is_downstream(self, subject: Subject, cause: Subject) -> bool:
        """Whether a subject's asset is made from the asset of another subject."""
        ref, upstream = _ref(subject), _ref(cause)
        return ref is not None and upstream is not None and str(upstream) in self._ancestors(ref)

    def upstream_first(self, events: Iterable[Event]) -> list[Event]:
        """Events in the order of the graph, so that a cause is recorded before its consequences."""
        return sorted(events, key=lambda event: (self.graph_position(event.subject), event.subject.key))

    def graph_position(self, subject: Subject) -> int:
        """The position of a subject's asset in the graph, upstream first; -1 outside the graph."""
        return self._positions.get(subject.ref or "", -1)

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {str(ref): position for position, ref in enumerate(self.graph.refs)}

    def is_declared(self, subject: Subject) -> bool:
        """Whether a subject's asset partition is declared; a subject without an asset counts as declared."""
        if subject.asset is None or subject.asset in self.other_assets:
            return True
        node = self.graph.nodes.get(subject.asset)
        return node is not None and subject.partition in (None, *node.keys)

    def _ancestors(self, ref: Ref) -> frozenset[str]:
        if ref not in self._ancestors_of:
            inputs = self.graph.inputs(ref.asset, ref.partition) if ref.asset in self.graph.nodes else ()
            ancestors = {str(read) for read in inputs}.union(*(self._ancestors(read) for read in inputs))
            self._ancestors_of[ref] = frozenset(ancestors)
        return self._ancestors_of[ref]


def is_at_least(severity: Severity, least: Severity) -> bool:
    """Whether a severity is at least another."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


def worst(severities: Iterable[Severity]) -> Severity:
    """The highest of some severities."""
    return max(severities, key=SEVERITIES.index)


def _ref(subject: Subject) -> Ref | None:
    if subject.asset is None:
        return None
    try:
        return Ref.of(subject.asset, subject.partition)
    except SgAssetsError:  # of another code location, with other names
        return None
