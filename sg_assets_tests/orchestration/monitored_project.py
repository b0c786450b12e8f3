"""A project on disk with Dagster's records of its runs, and the notices that they raised."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from sg_assets.alerts.delivery import FILE, DeliveryCounts
from sg_assets.definitions import build_definitions
from sg_assets.orchestration.monitoring import raise_alerts
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.project_incidents import incidents_path
from sg_assets_tests.paths import PROJECT

SHORT = """\
-- description: Instructions.
-- key: template_id
-- check few_words: length(template) < 200
-- warn many: count(*) > 1000
SELECT template_id, template FROM templated.templates
"""
LONGER = "-- description: Instructions again.\n-- key: template_id\nSELECT template_id, template FROM templated.short\n"
ALERTS = """\
routes: [{to: [file, terminal]}]
quiet: [{assets: templated/short, checks: [many], unless: regressed}]
freshness: [{source: comments, max_age_hours: 24}]
"""


@dataclass
class MonitoredProject:
    """A project on disk, with an instance that records its runs."""

    root: Path
    instance: dg.DagsterInstance
    printed: list[str]
    loaded: Project | None = None

    @property
    def project(self) -> Project:
        """As it was written last."""
        self.loaded = self.loaded or load_project()
        return self.loaded

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)
        self.loaded = None

    def run(self, *assets: str) -> dg.ExecuteInProcessResult:
        job = build_definitions(self.project).resolve_implicit_global_asset_job_def()
        keys = [dg.AssetKey(asset.split("/")) for asset in assets]
        return job.execute_in_process(instance=self.instance, asset_selection=keys, raise_on_error=False)

    def raise_alerts(self, later: timedelta = timedelta()) -> DeliveryCounts:
        return raise_alerts(self.instance, self.project, self.printed.append, now=lambda: datetime.now(UTC) + later)

    def lengthen(self) -> None:
        longer = "Reply to this comment, " + "please " * 40
        text = (PROJECT / "models/templates.yaml").read_text()
        self.write("models/templates.yaml", text.replace("Reply to this comment:", longer))

    def shorten(self) -> None:
        self.write("models/templates.yaml", (PROJECT / "models/templates.yaml").read_text())

    @property
    def notices(self) -> list[dict[str, Any]]:
        path = incidents_path(self.project).with_name(FILE)
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def titles(self) -> list[str]:
        return [notice["title"].removeprefix("tiny: ") for notice in self.notices]


OPENED = "opened (error): check few_words of templated/short"
RECOVERED = "recovered: check few_words of templated/short"
ALL = ("templated/templates", "templated/short", "templated/longer")
