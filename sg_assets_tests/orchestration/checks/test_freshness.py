"""The check of an external source's age."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets_tests.orchestration.monitored_project import MonitoredProject

pytestmark = pytest.mark.slow


def test_the_freshness_check_can_be_executed(monitored: MonitoredProject, dump: Path) -> None:
    job = dg.define_asset_job(
        "look", selection=dg.AssetSelection.checks_for_assets(dg.AssetKey(["raw", "comment_files"]))
    )
    defined = dg.Definitions.merge(build_definitions(monitored.project), dg.Definitions(jobs=[job]))
    run = defined.resolve_job_def("look").execute_in_process(instance=monitored.instance)
    (evaluation,) = run.get_asset_check_evaluations()
    assert evaluation.passed
    assert evaluation.metadata["at_most_hours"].value == 24
