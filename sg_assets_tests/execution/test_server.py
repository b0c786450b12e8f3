"""``sg-assets ui`` as a real process: however it is ended, nothing of Dagster goes on running."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.execution.server import require_free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"),
]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def ui(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "SG_HOME": str(tmp_path), "SG_PROFILE": "tiny"}
    command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", "ui", "--port", str(port)]
    with (tmp_path / "ui.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    yield process
    process.kill()
    process.wait()
    for pid in running(tmp_path):
        os.kill(pid, signal.SIGKILL)


def running(home: Path) -> list[int]:
    """All processes of a home, whatever became of the process that started them; zombies have no environment."""
    return [
        int(process.name) for process in Path("/proc").glob("[0-9]*") if f"SG_HOME={home}".encode() in _environ(process)
    ]


def _environ(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def wait_until_up(port: int) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    pytest.fail("the server did not come up")


def wait_until_ended(home: Path) -> None:
    until = time.monotonic() + 90
    while running(home):
        assert time.monotonic() < until, running(home)
        time.sleep(0.5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_all_it_started(
    ui: subprocess.Popen[bytes], port: int, tmp_path: Path, number: signal.Signals
) -> None:
    wait_until_up(port)
    assert len(running(tmp_path)) > 3
    ui.send_signal(number)
    assert ui.wait(60) == 0
    assert running(tmp_path) == []
    assert "Dagster services shut down" in (tmp_path / "ui.log").read_text()


def test_its_webserver_is_guarded_and_listens_on_loopback_alone(ui: subprocess.Popen[bytes], port: int) -> None:
    wait_until_up(port)
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Host": "evil.example"}), timeout=60)
    with pytest.raises(HTTPError, match="405"):
        urlopen(f"http://127.0.0.1:{port}/graphql?query=%7Bversion%7D", timeout=60)
    assert ui.poll() is None
    listening = Path("/proc/net/tcp").read_text().splitlines() + Path("/proc/net/tcp6").read_text().splitlines()
    addresses = [line.split()[1] for line in listening if f":{port:04X} " in line and line.split()[3] == "0A"]
    assert addresses == [f"0100007F:{port:04X}"]


def test_killed_it_leaves_nothing_that_runs_on(ui: subprocess.Popen[bytes], port: int, tmp_path: Path) -> None:
    wait_until_up(port)
    ui.kill()
    ui.wait()
    wait_until_ended(tmp_path)


def test_a_port_that_is_taken_is_named_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SgAssetsError, match=r"--port: the port \d+ cannot be used.*in use.*Name another port"):
            require_free_port("127.0.0.1", taken.getsockname()[1])


def test_a_server_that_ends_by_itself_gives_its_status(tmp_path: Path) -> None:
    script = "import os, sys; from pathlib import Path; from sg_assets.execution.server import run_server;"
    script += "sys.exit(run_server(['no-such-command'], Path(), os.environ))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "No such command" in ended.stderr
