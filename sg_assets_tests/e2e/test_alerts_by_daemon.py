"""Alerts raised by the real daemon, from Dagster's records on SQLite and on Postgres, to a real web server."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.project_incidents import open_incidents
from sg_assets_tests.alerts.receivers import Webhook
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.postgres import running_postgres

pytestmark = pytest.mark.e2e
SQL = "-- description: Instructions.\n-- key: template_id\n{check}SELECT template_id FROM templated.templates\n"
FAILING = SQL.format(check="-- check on_purpose: false\n")
PASSING = SQL.format(check="-- check on_purpose: true\n")
OPENED = "tiny: opened (error): check on_purpose of templated/short"
RECOVERED = "tiny: recovered: check on_purpose of templated/short"


@pytest.fixture(params=["sqlite", "postgres"])
def storage(request: pytest.FixtureRequest) -> Iterator[str]:
    """What ``dagster.yaml`` says of where records are kept."""
    if request.param == "sqlite":
        yield ""
        return
    with running_postgres() as url:
        yield f"storage: {{postgres: {{postgres_url: '{url}'}}}}\n"


@pytest.fixture
def root(tmp_path: Path, storage: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "models/alerts.yaml").write_text("routes: [{to: [SG_TEST_HOOK, file, terminal]}]\n")
    shutil.copy(PROJECT / "workspace.yaml", tmp_path)
    variables = {"SG_PROJECT": tmp_path, "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny"}
    home = tmp_path / "home/tiny/dagster"
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text(f"telemetry: {{enabled: false}}\n{storage}")
    for name, value in {**variables, "DAGSTER_HOME": home, "PYTHONPATH": PROJECT}.items():
        monkeypatch.setenv(name, str(value))
    return tmp_path


def run(root: Path, sql: str) -> bool:
    """A run of two assets, recorded where the daemon looks."""
    (root / "sql/templated/short.sql").write_text(sql)
    job = build_definitions(load_project()).resolve_implicit_global_asset_job_def()
    keys = [dg.AssetKey(["templated", name]) for name in ("templates", "short")]
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        return job.execute_in_process(instance=instance, asset_selection=keys, raise_on_error=False).success


class Daemon:
    """``dagster-daemon run``, which starts again where it was killed."""

    def __init__(self, root: Path, webhook: Webhook) -> None:
        self._command = [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-w", "workspace.yaml"]
        self._root = root
        self._log = root / "daemon.log"
        self._environment = {**os.environ, "SG_TEST_HOOK": webhook.url}
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self._root, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 240) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            assert self.process.poll() is None, self._log.read_text()[-3000:]
            assert time.monotonic() < until, self._log.read_text()[-3000:]
            time.sleep(0.2)


def test_the_daemon_tells_what_breaks_and_what_is_mended_once_each_and_loses_nothing(root: Path) -> None:
    with open_incidents(load_project()):  # as the daemon's first look would
        pass
    with Webhook().serving() as webhook:
        assert run(root, PASSING)
        assert not run(root, FAILING)
        assert not run(root, FAILING)
        webhook.is_down = True
        daemon = Daemon(root, webhook)
        try:
            daemon.wait_until(lambda: webhook.refused > 0)
            daemon.kill()
            webhook.is_down = False
            daemon.process = daemon.start()
            daemon.wait_until(lambda: webhook.titles == [OPENED])
            assert run(root, PASSING)
            daemon.wait_until(lambda: webhook.titles == [OPENED, RECOVERED])
        finally:
            daemon.kill()
    assert len((root / "home/tiny/alerts.jsonl").read_text().splitlines()) == 2
    assert (root / "daemon.log").read_text().count(f"! alert  {OPENED}") == 1
