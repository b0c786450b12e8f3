"""A project's incidents: their file, and the rules of its declarations."""

import sqlite3
from datetime import UTC, datetime

import pytest

from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import alert_rules, incidents_path, open_incidents

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_incidents_lie_in_the_profile_s_home(tiny: Project) -> None:
    assert incidents_path(tiny) == tiny.settings.home / "alerts.sqlite"


def test_the_store_is_created_and_closed(tiny: Project) -> None:
    with open_incidents(tiny, lambda: NOW) as incidents:
        assert incidents.incidents() == []
        assert incidents_path(tiny).is_file()
    with pytest.raises(sqlite3.ProgrammingError):
        incidents.incidents()


def test_rules_are_the_profile_s(tiny: Project) -> None:
    assert alert_rules(tiny).profile == "tiny"
