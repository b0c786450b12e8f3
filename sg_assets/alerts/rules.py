"""What is declared of alerts, as answers to the questions that incidents ask."""

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
class Rules:
    """What is declared, and what follows from what."""

    profile: str
    declared: Alerts
    graph: Graph
    beside: frozenset[str] = frozenset()
    """Assets that are no nodes of the graph: sources that are observed, the page of how all stands."""
    _above: dict[Ref, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def owner(self, subject: Subject) -> str | None:
        """Who looks after it."""
        return None if subject.asset is None else self.declared.owner_of(subject.asset)

    def is_quiet(self, event: Event, *, has_passed: bool) -> bool:
        """Whether a failure is told to nobody."""
        subject = event.subject
        return any(
            subject.asset is not None
            and fnmatchcase(subject.asset, one.assets)
            and (one.checks is None or subject.name in one.checks)
            and not (one.unless == "regressed" and has_passed)
            for one in self.declared.quiet
        )

    def targets(self, incident: Incident) -> tuple[str, ...]:
        """Where its notices go, in declared order: by severity, owner and asset group."""
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
        """The severity it has come to by lasting."""
        due = [
            one.to
            for one in self.declared.escalate
            if one.severity == incident.severity
            and (
                incident.failures >= one.after_failures
                if one.after_failures is not None
                else now - incident.raised >= timedelta(hours=one.after_hours or 0)
            )
        ]
        return worst([incident.severity, *due])

    def follows(self, subject: Subject, cause: Subject) -> bool:
        """Whether what a subject is about is made from what another is about."""
        ref, above = _ref(subject), _ref(cause)
        return ref is not None and above is not None and str(above) in self._ancestors(ref)

    def in_order(self, events: Iterable[Event]) -> list[Event]:
        """Events, upstream first: a cause is known before what follows from it."""
        return sorted(events, key=lambda one: (self.place(one.subject), one.subject.key))

    def place(self, subject: Subject) -> int:
        """Where the graph has it, upstream first; what it does not have comes before all."""
        return self._places.get(subject.ref or "", -1)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {str(ref): place for place, ref in enumerate(self.graph.refs)}

    def knows(self, subject: Subject) -> bool:
        """Whether the asset partition is declared; what is about no asset is known."""
        if subject.asset is None or subject.asset in self.beside:
            return True
        node = self.graph.nodes.get(subject.asset)
        return node is not None and subject.partition in (None, *node.keys)

    def _ancestors(self, ref: Ref) -> frozenset[str]:
        if ref not in self._above:
            inputs = self.graph.inputs(ref.asset, ref.partition) if ref.asset in self.graph.nodes else ()
            found = {str(one) for one in inputs}.union(*(self._ancestors(one) for one in inputs))
            self._above[ref] = frozenset(found)
        return self._above[ref]


def is_at_least(severity: Severity, least: Severity) -> bool:
    """Whether a severity is as bad as another, or worse."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


def worst(severities: Iterable[Severity]) -> Severity:
    """The most severe."""
    return max(severities, key=SEVERITIES.index)


def _ref(subject: Subject) -> Ref | None:
    if subject.asset is None:
        return None
    try:
        return Ref.of(subject.asset, subject.partition)
    except SgAssetsError:  # of another code location, which names things otherwise
        return None
