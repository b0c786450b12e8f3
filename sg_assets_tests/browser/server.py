"""A real ``dagster dev`` with its daemon, over a finished run of the tiny profile."""

import json
import os
import signal
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
        told = self.ask(query, name=_SELECTOR["repositoryLocationName"])
        assert told["reloadRepositoryLocation"]["__typename"] == "WorkspaceLocationEntry", told

    def runs(self) -> list[Mapping[str, Any]]:
        """Newest first."""
        query = "{ runsOrError(limit: 50) { ... on Runs { results { id status assetSelection { path } } } } }"
        found: list[Mapping[str, Any]] = self.ask(query)["runsOrError"]["results"]
        return found

    def wait_for_run(self, before: Collection[str]) -> str:
        """The status that the newest run ends in, once it is none of those before."""

        def ended() -> str | None:
            newest = self.runs()[0]
            return str(newest["status"]) if newest["id"] not in before and newest["status"] in _ENDED else None

        return str(wait(ended))

    def wait_for_backfill(self, backfill: str | None = None) -> str:
        query = "{ partitionBackfillsOrError(limit: 1) { ... on PartitionBackfills { results { id status } } } }"

        def ended() -> str | None:
            found = self.ask(query)["partitionBackfillsOrError"]["results"]
            if not found or (backfill is not None and found[0]["id"] != backfill):
                return None
            return None if found[0]["status"] in ("REQUESTED", "CANCELING") else str(found[0]["status"])

        return str(wait(ended))


_ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def wait(look: Any, seconds: float = 480) -> Any:
    """What a look gives, as soon as it gives something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(1)
    raise AssertionError("it took too long")


def start(project: Path, home: Path, log: Path) -> Server:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environment = {**os.environ, "SG_PROJECT": str(project), "SG_HOME": str(home), "SG_PROFILE": "tiny"}
    command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", "ui", "--port", str(port)]
    with log.open("wb") as file:
        # A group of its own: what it starts goes with it. SIGINT, for SIGTERM leaves its children behind.
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
        found = server.ask("{ repositoriesOrError { __typename } }")
    except (URLError, ConnectionError, TimeoutError):
        return False
    return bool(found["repositoriesOrError"]["__typename"] == "RepositoryConnection")


def stop(server: Server) -> None:
    server.process.send_signal(signal.SIGINT)
    try:
        server.process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
