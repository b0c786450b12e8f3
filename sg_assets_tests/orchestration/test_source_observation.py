"""External sources: new content and overdue sources become events, once each."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.source_observation import observe_sources
from sg_assets_tests.orchestration.monitored_project import MonitoredProject

pytestmark = pytest.mark.slow


def observed(monitored: MonitoredProject) -> list[str]:
    key = dg.AssetRecordsFilter(dg.AssetKey(["raw", "comment_files"]))
    records = monitored.instance.fetch_observations(key, limit=50).records
    return [
        (record.asset_observation.tags or {})["dagster/data_version"] for record in records if record.asset_observation
    ]


def test_a_source_is_observed_anew_only_when_its_content_changes(monitored: MonitoredProject, dump: Path) -> None:
    for _ in range(3):
        observe_sources(monitored.instance, monitored.project)
        os.utime(dump / "comments.csv", (1, 1))
    assert len(observed(monitored)) == 1
    (dump / "comments.csv").write_text("text\nanother comment\n")
    observe_sources(monitored.instance, monitored.project)
    assert len(set(observed(monitored))) == 2


def test_comments_are_made_from_the_observed_source(monitored: MonitoredProject, dump: Path) -> None:
    specs = {"/".join(spec.key.path): spec for spec in build_definitions(monitored.project).resolve_all_asset_specs()}
    assert dg.AssetKey(["raw", "comment_files"]) in [dep.asset_key for dep in specs["raw/forum_comments"].deps]
    assert not specs["raw/comment_files"].deps


def test_an_overdue_source_is_told_once_and_closes_when_it_changes(monitored: MonitoredProject, dump: Path) -> None:
    def look(days: float) -> None:
        later = timedelta(days=days)
        observe_sources(monitored.instance, monitored.project, lambda: datetime.now(UTC) + later)
        monitored.raise_alerts()

    look(0)
    assert monitored.titles == []
    look(1.1)
    look(1.2)
    assert monitored.titles == ["opened (warning): check fresh of raw/comment_files"]
    assert "at most hours 24, hours unchanged 26.4, readable 1" in monitored.notices[0]["body"]
    (dump / "comments.csv").write_text("text\nanother comment\n")
    look(1.3)
    assert monitored.titles[1:] == ["recovered: check fresh of raw/comment_files"]


def test_a_source_that_cannot_be_read_is_told_too(monitored: MonitoredProject, dump: Path) -> None:
    project = monitored.project
    (dump / "comments.csv").unlink()
    observe_sources(monitored.instance, project)
    monitored.raise_alerts()
    assert monitored.titles == ["opened (warning): check fresh of raw/comment_files"]
    assert "readable 0" in monitored.notices[0]["body"]
