"""Dagster's real webserver behind the guard, asked over real connections, as a browser is made to by a foreign page."""

import asyncio
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest

from sg_assets.execution.request_guard import RequestGuard
from sg_assets.execution.webserver import serve_guarded

MUTATION = "mutation { setNuxSeen }"
BODY = json.dumps({"query": MUTATION})
JSON = {"Content-Type": "application/json"}
FOREIGN = {"Origin": "http://evil.example"}
GET = f"/graphql?query={quote(MUTATION)}"
ATTACKS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "mutation by GET": ("GET", GET, "", {}),
    "mutation by GET of an image": ("GET", GET, "", {"Accept": "image/*", "Sec-Fetch-Site": "cross-site"}),
    "mutation by GET, encoded path": ("GET", GET.replace("graphql", "%67raphql", 1), "", {}),
    "mutation by GET for a page": ("GET", GET, "", {"Accept": "text/html"}),
    "mutation by GET, odd spelling of a page": ("GET", GET, "", {"Accept": "TEXT/HTML"}),
    "mutation by GET at an absolute address": ("GET", f"http://evil.example{GET}", "", {}),
    "mutation by HEAD": ("HEAD", GET, "", {}),
    "plain text": ("POST", "/graphql", BODY, {"Content-Type": "text/plain"}),
    "plain text that names JSON": ("POST", "/graphql", BODY, {"Content-Type": "text/plain; application/json"}),
    "form": ("POST", GET, "a=b", {"Content-Type": "application/x-www-form-urlencoded"}),
    "multipart": ("POST", GET, "", {"Content-Type": "multipart/form-data; boundary=x"}),
    "graphql text": ("POST", "/graphql", MUTATION, {"Content-Type": "application/graphql"}),
    "no content type": ("POST", GET, "", {}),
    "foreign origin": ("POST", "/graphql", BODY, JSON | FOREIGN),
    "null origin": ("POST", "/graphql", BODY, JSON | {"Origin": "null"}),
    "another port of this machine": ("POST", "/graphql", BODY, JSON | {"Origin": "http://127.0.0.1:1"}),
    "same site": ("POST", "/graphql", BODY, JSON | {"Sec-Fetch-Site": "same-site"}),
    "rebound name": ("POST", "/graphql", BODY, JSON | {"Host": "evil.example"}),
    "rebound name and its origin": ("POST", "/graphql", BODY, JSON | {"Host": "evil.example"} | FOREIGN),
    "rebound name with a forwarded host": (
        "POST", "/graphql", BODY, JSON | {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1"},
    ),
    "forwarded foreign origin": ("POST", "/graphql", BODY, JSON | FOREIGN | {"X-Forwarded-For": "127.0.0.1"}),
    "overridden method": ("PUT", "/graphql", BODY, JSON | {"X-HTTP-Method-Override": "POST"}),
    "trailing slash": ("POST", "/graphql/", BODY, {"Content-Type": "text/plain"}),
    "report without a type": ("POST", "/report_asset_materialization/a", "", {}),
    "report as text": ("POST", "/report_asset_check/a?check_name=b&passed=true", "", {"Content-Type": "text/plain"}),
    "report of a foreign page": ("POST", "/report_asset_observation/a", "{}", JSON | FOREIGN),
}  # fmt: skip
HARMLESS = {"mutation by GET for a page"}
"""Answered, with the editor and without executing anything."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home = tmp_path_factory.mktemp("dagster")
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    command = [sys.executable, "-m", "sg_assets.execution.webserver", "--empty-workspace", "--port", str(number)]
    environment = {**os.environ, "DAGSTER_HOME": str(home), "SG_UI_HOSTS": "ui.example.org"}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=subprocess.STDOUT)
    until = time.monotonic() + 120
    while not _answers(number):
        assert process.poll() is None, (home / "log").read_text()
        assert time.monotonic() < until
        time.sleep(0.2)
    yield number
    process.terminate()
    process.wait(30)


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/server_info", "", {})[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def nux_shows(port: int) -> bool:
    """Whether the mutation was not executed yet."""
    status, answer = ask(port, "POST", "/graphql", json.dumps({"query": "{ shouldShowNux }"}), JSON)
    assert status == 200, answer
    return bool(json.loads(answer)["data"]["shouldShowNux"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_what_a_foreign_page_can_send_executes_nothing(port: int, name: str) -> None:
    before = nux_shows(port)
    method, path, body, headers = ATTACKS[name]
    status, answer = ask(port, method, path, body, headers)
    assert (status >= 400) == (name not in HARMLESS), answer
    assert nux_shows(port) == before is True


@pytest.mark.slow
@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://localhost:1", "own"])
def test_a_websocket_opens_for_own_pages_only(port: int, origin: str | None) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus
    from websockets.typing import Origin, Subprotocol

    named = f"http://127.0.0.1:{port}" if origin == "own" else origin

    async def opened() -> str:
        async with connect(
            f"ws://127.0.0.1:{port}/graphql",
            origin=None if named is None else Origin(named),
            subprotocols=[Subprotocol("graphql-ws")],
        ) as websocket:
            await websocket.send('{"type": "connection_init"}')
            await websocket.recv()
            start = {"type": "start", "id": "1", "payload": {"query": MUTATION}}
            await websocket.send(json.dumps(start))
            return str(await websocket.recv())

    if origin == "own":
        assert "is not defined" in asyncio.run(opened())  # Dagster executes subscriptions alone there
    else:
        with pytest.raises(InvalidStatus, match="403"):
            asyncio.run(opened())
    assert nux_shows(port)


@pytest.mark.slow
def test_own_pages_programs_and_declared_hosts_are_served(port: int) -> None:
    status, page = ask(port, "GET", "/", "", {"Accept": "text/html"})
    assert (status, "<html" in page) == (200, True)
    query = json.dumps({"query": "{ version }"})
    for headers in ({}, {"Origin": f"http://127.0.0.1:{port}"}, {"Host": "ui.example.org"}):
        assert ask(port, "POST", "/graphql", query, JSON | headers)[0] == 200


def test_whatever_is_served_is_guarded_and_headers_of_proxies_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[object, dict[str, object]]] = []

    def run(application: object, **options: object) -> None:
        served.append((application, options))

    async def application(*_: object) -> None:
        raise AssertionError("nothing is asked here")

    monkeypatch.setenv("SG_UI_HOSTS", "")
    serve_guarded(run)(application, host="127.0.0.1", port=1)
    [(guarded, options)] = served
    assert isinstance(guarded, RequestGuard)
    assert (options["port"], options["proxy_headers"]) == (1, False)
