"""What is used of Dagster's private modules does what it is used for."""

import re
import sys
from pathlib import Path

import dagster as dg
import pytest

import sg_assets
from sg_assets.orchestration import dagster_internals
from sg_assets.orchestration.dagster_internals import (
    FINISHED_STATUSES,
    DagsterPipesExecutionError,
    UnresolvedAssetJobDefinition,
    cursor_after,
    sqlite_event_log,
    webserver_command,
)

KEY = dg.AssetKey(["a", "b"])
PRIVATE = re.compile(r"^\s*(from|import) dagster\._", re.MULTILINE)


def test_no_other_module_imports_dagster_s_private_modules() -> None:
    package = Path(sg_assets.__file__).parent
    importing = {path for path in package.rglob("*.py") if PRIVATE.search(path.read_text(encoding="utf-8"))}
    assert importing == {Path(dagster_internals.__file__)}


def test_an_asset_job_is_unresolved() -> None:
    job = dg.define_asset_job("job", dg.AssetSelection.assets(KEY))
    assert isinstance(job, UnresolvedAssetJobDefinition)


def test_a_process_that_ends_with_a_failure_is_a_pipes_execution_error() -> None:
    @dg.op
    def failing(context: dg.OpExecutionContext) -> None:
        command = [sys.executable, "-c", "raise SystemExit(3)"]
        with pytest.raises(DagsterPipesExecutionError):
            dg.PipesSubprocessClient().run(command=command, context=context)

    @dg.job
    def job() -> None:
        failing()

    assert job.execute_in_process().success


def test_runs_of_a_finished_status_never_change_again() -> None:
    known = set(dg.DagsterRunStatus)
    assert {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED} == {
        status for status in known if status in FINISHED_STATUSES
    }


def test_records_are_read_on_behind_a_record(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        for version in ("1", "2", "3"):
            tags = {"dagster/data_version": version}
            instance.report_runless_asset_event(dg.AssetObservation(KEY, tags=tags))
        kind = dg.DagsterEventType.ASSET_OBSERVATION
        first, *others = instance.get_records_for_run("", of_type=kind).records
        behind = instance.get_records_for_run("", cursor=cursor_after(first.storage_id), of_type=kind).records
        assert [record.storage_id for record in behind] == [record.storage_id for record in others]
        assert len(behind) == 2


def test_the_event_log_is_given_only_where_it_is_sqlite(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        storage = sqlite_event_log(instance)
        assert storage is instance.event_log_storage
        assert storage is not None
        assert not storage.get_concurrency_run_ids()
    with dg.DagsterInstance.ephemeral() as instance:
        assert sqlite_event_log(instance) is None


def test_the_webserver_is_started_as_another_module_and_the_daemon_as_it_is() -> None:
    webserver = ["python", "-m", "dagster_webserver", "--port", "1"]
    daemon = ["python", "-m", "dagster._daemon", "run"]
    assert webserver_command(webserver, "guarded", ["--read-only"]) == [
        "python", "-m", "guarded", "--read-only", "--port", "1",
    ]  # fmt: skip
    assert webserver_command(daemon, "guarded", ["--read-only"]) == daemon


def test_a_service_that_is_not_known_is_not_started() -> None:
    with pytest.raises(RuntimeError, match="a service that is not known: dagster_web"):
        webserver_command(["python", "-m", "dagster_web", "--port", "1"], "guarded", [])
