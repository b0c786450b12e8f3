"""A real ``dagster dev`` with its daemon, over a finished run of the tiny profile."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

_SELECTOR = {"repositoryLocationName": "sg_assets", "repositoryName": "__repository__"}


@dataclass
class Server:
    """The UI's address, and what lies behind it."""

    url: str
    project: Path
    home: Path
    process: subprocess.Popen[bytes]

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310 - our own
        with urlopen(request, timeout=60) as reply:  # noqa: S310 - our own
            answer = json.load(reply)
        assert "errors" not in answer, answer
        return answer["data"]

    def reload(self) -> None:
        query = "mutation ($name: String!) { reloadRepositoryLocation(repositoryLocationName: $name) { __typename } }"
        answer = self.ask(query, name=_SELECTOR["repositoryLocationName"])
        assert answer["reloadRepositoryLocation"]["__typename"] == "WorkspaceLocationEntry", answer

    def runs(self) -> list[Mapping[str, Any]]:
        """Newest first."""
        query = "{ runsOrError(limit: 50) { ... on Runs { results { id status assetSelection { path } } } } }"
        runs: list[Mapping[str, Any]] = self.ask(query)["runsOrError"]["results"]
        return runs

    def wait_for_run(self, before: Collection[str]) -> str:
        """The status of the newest run once it has ended; runs of those ids started before."""

        def ended() -> str | None:
            newest = self.runs()[0]
            return str(newest["status"]) if newest["id"] not in before and newest["status"] in _ENDED else None

        return str(wait(ended))

    def wait_for_backfill(self, backfill: str | None = None) -> str:
        query = "{ partitionBackfillsOrError(limit: 1) { ... on PartitionBackfills { results { id status } } } }"

        def ended() -> str | None:
            backfills = self.ask(query)["partitionBackfillsOrError"]["results"]
            if not backfills or (backfill is not None and backfills[0]["id"] != backfill):
                return None
            status = str(backfills[0]["status"])
            return None if status in ("REQUESTED", "CANCELING") else status

        return str(wait(ended))


_ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def wait(look: Any, seconds: float = 480) -> Any:
    """What a function returns, as soon as that is not None."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = look()
        if value is not None:
            return value
        time.sleep(1)
    raise AssertionError(f"nothing came within {seconds} s")


def start(project: Path, home: Path, log: Path) -> Server:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SG_PROJECT": str(project), "SG_HOME": str(home), "SG_PROFILE": "tiny"}
    command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", "ui", "--port", str(port)]
    with log.open("wb") as file:
        # A group of its own: Ctrl-C in the terminal of the tests is theirs alone.
        process = subprocess.Popen(
            command, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    server = Server(f"http://127.0.0.1:{port}", project, home, process)
    try:
        wait(lambda: _is_up(server) or None, 180)
    except AssertionError:
        stop(server)
        raise
    return server


def _is_up(server: Server) -> bool:
    try:
        answer = server.ask("{ repositoriesOrError { __typename } }")
    except (URLError, ConnectionError, TimeoutError):
        return False
    return bool(answer["repositoriesOrError"]["__typename"] == "RepositoryConnection")


def stop(server: Server) -> None:
    server.process.terminate()
    try:
        server.process.wait(60)
    except subprocess.TimeoutExpired:
        server.process.kill()  # what it started ends by itself
        server.process.wait(10)
