"""A project's incidents: the file that holds them, and the rules that its declarations give them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sg_assets.alerts.delivery import Clock, utc_now
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.rules import AlertRules
from sg_assets.orchestration.external_sources import external_sources
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import STATUS

INCIDENTS_FILE: Final = "alerts.sqlite"
"""In the profile's home."""


def incidents_path(project: Project) -> Path:
    """The file of a profile's incidents."""
    return project.settings.home / INCIDENTS_FILE


def alert_rules(project: Project) -> AlertRules:
    """The declared rules of a project's alerts."""
    outside_graph = frozenset({STATUS, *(source.asset for source in external_sources(project))})
    return AlertRules(project.settings.profile, project.declared.alerts, project.graph, outside_graph)


@contextmanager
def open_incidents(project: Project, now: Clock = utc_now) -> Iterator[IncidentStore]:
    """The profile's incident store, created where it does not exist."""
    incidents = IncidentStore(incidents_path(project), now())
    try:
        yield incidents
    finally:
        incidents.close()
