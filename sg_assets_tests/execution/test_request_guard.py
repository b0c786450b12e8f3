"""What reaches Dagster's webserver, and what is refused before it; with the real server: ``test_webserver.py``."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.errors import InvalidSettingError
from sg_assets.execution.request_guard import Message, Receive, RequestGuard, Send, declared_hosts, refusal_of

OWN = "http://127.0.0.1:3000"
JSON = {"content-type": "application/json"}
PROXY = "ui.example.org"
FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:3000",
    "127.0.0.1",
    "127.0.0.1:3001",
    "127.0.0.1.evil.example:3000",
    "localhost.evil.example:3000",
    "localhost.:3000",
    "127.0.0.1:3000.evil.example",
    "evil.example#127.0.0.1:3000",
    "user@127.0.0.1:3000",
    "127.0.0.1:03000",
    "127.1:3000",
    "2130706433:3000",
    "0.0.0.0:3000",
    "[::ffff:127.0.0.1]:3000",
    "10.0.0.7:3000",
    "other.example.org",
    "ui.example.org.evil.example",
    "xui.example.org",
    "127.0.0.1:3000, evil.example",
    "",
]
FOREIGN_ORIGINS = [
    "null",
    "",
    "http://evil.example",
    "http://evil.example:3000",
    "https://127.0.0.1:3000",
    "http://127.0.0.1:3001",
    "http://127.0.0.1",
    "http://localhost:3000",
    "http://127.0.0.1:3000.evil.example",
    "http://127.0.0.1:3000@evil.example",
    "http://127.0.0.1:3000/",
    "127.0.0.1:3000",
    "file://",
    "chrome-extension://abcdef",
    "ftp://127.0.0.1:3000",
    "http://ui.example.org.evil.example",
    "http://[::1]:3000",
    "http://127.0.0.1:3000 http://evil.example",
]
FOREIGN_TYPES = [
    None,
    "",
    "text/plain",
    "text/plain; application/json",
    "text/plain;charset=application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "application/graphql",
    "application/json, text/plain",
    "application/json; charset=utf-7",
    "application/json+x",
    "application/jsonp",
    "x application/json",
]


def request(
    method: str = "GET", path: str = "/", headers: dict[str, str] | None = None, *more: tuple[str, str], **keys: Any
) -> Message:
    given_headers = {"host": "127.0.0.1:3000", **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in [*given_headers.items(), *more]]
    server = ("127.0.0.1", 3000)
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": pairs, "server": server}
    return scope | keys


def status(scope: Message) -> int | None:
    refusal = refusal_of(scope, {PROXY})
    return None if refusal is None else refusal.status


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_host_that_is_not_declared_is_refused(host: str) -> None:
    assert status(request(headers={"host": host, "x-forwarded-host": "127.0.0.1:3000"})) == 403
    assert status(request("POST", "/graphql", {"host": host, **JSON, "origin": f"http://{host}"})) == 403


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000", PROXY])
def test_loopback_and_declared_hosts_are_served(host: str) -> None:
    assert status(request(headers={"host": host, "x-forwarded-host": "evil.example"})) is None


@given(st.text(st.characters(codec="latin-1"), max_size=30))
def test_no_other_text_is_a_host(host: str) -> None:
    own = {"127.0.0.1:3000", "localhost:3000", "[::1]:3000", PROXY}
    refused = status(request(headers={"host": host.encode("utf-8").decode("latin-1")})) is not None
    assert refused or host.encode("utf-8").decode("latin-1").strip().lower() in own


def test_a_server_without_a_port_has_no_loopback_name() -> None:
    assert status(request(server=None)) == status(request(server=("/tmp/socket", None))) == 403  # noqa: S108 - a name


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    assert status(request("POST", "/graphql", {**JSON, "origin": origin})) == 403
    assert status(request(path="/graphql", headers={"origin": origin, "accept": "text/html"})) == 403
    assert status(request(path="/graphql", headers={"origin": origin}, type="websocket")) == 403


@pytest.mark.parametrize("origin", [OWN, "http://ui.example.org", "https://ui.example.org"])
def test_own_pages_and_those_of_declared_hosts_are_served(origin: str) -> None:
    assert status(request("POST", "/graphql", {**JSON, "origin": origin, "sec-fetch-site": "same-origin"})) is None
    assert status(request(path="/graphql", headers={"origin": origin}, type="websocket")) is None


def test_a_websocket_without_an_origin_is_refused() -> None:
    assert status(request(path="/graphql", type="websocket")) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "x", ""])
def test_requests_that_the_browser_calls_foreign_are_refused_and_links_are_followed(site: str) -> None:
    assert status(request(headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors"})) == 403
    assert status(request("POST", "/graphql", {**JSON, "sec-fetch-site": site})) == 403
    assert status(request(headers={"sec-fetch-site": site, "sec-fetch-mode": "navigate"})) is None


@pytest.mark.parametrize("kind", FOREIGN_TYPES)
@pytest.mark.parametrize("path", ["/graphql", "/report_asset_materialization/a/b"])
def test_a_body_that_is_not_json_is_refused(kind: str | None, path: str) -> None:
    assert status(request("POST", path, {} if kind is None else {"content-type": kind})) == 415


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_of_a_program_is_served(kind: str) -> None:
    assert status(request("POST", "/graphql", {"content-type": kind})) is None


def test_a_form_is_refused_whatever_it_says() -> None:
    assert status(request("POST", "/graphql", {**JSON, "sec-fetch-mode": "navigate"})) == 403
    assert status(request("POST", "/graphql", {**JSON, "referer": "http://evil.example/page"})) == 403
    assert status(request("POST", "/graphql", {**JSON, "referer": "http://[/page"})) == 403
    assert status(request("POST", "/graphql", {**JSON, "referer": f"{OWN}/runs"})) is None


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/GraphQL", "/prefix/graphql"])
def test_graphql_is_not_executed_by_get(path: str) -> None:
    for accept in ("*/*", "application/json", ""):
        assert status(request(path=path, headers={"accept": accept}, query_string=b"query=mutation{x}")) == 405
    assert status(request(path=path, headers={"accept": "text/html"})) is None


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "QUERY", ""])
def test_other_methods_are_refused(method: str) -> None:
    assert status(request(method, "/graphql", {**JSON, "x-http-method-override": "POST"})) == 405


@pytest.mark.parametrize("name", ["host", "origin", "content-type", "sec-fetch-site"])
def test_a_header_that_comes_twice_is_refused(name: str) -> None:
    values = {"host": "127.0.0.1:3000", "origin": OWN, "sec-fetch-site": "none", **JSON}
    assert status(request("POST", "/graphql", values, (name, values[name]))) == 400


@pytest.mark.parametrize("path", ["/logs/../../etc/x", "/..", "/logs/a\\b", "/logs/a\0b"])
def test_a_path_that_leaves_its_folder_is_refused(path: str) -> None:
    assert status(request(path=path)) == 400
    assert status(request(path="/assets/a..b/c")) is None


def passed(scope: Message) -> tuple[list[Message], list[Message]]:
    """What an application gets of a request, and what is answered."""
    scopes: list[Message] = []
    answers: list[Message] = []

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOWALL")]})

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        answers.append(message)

    asyncio.run(RequestGuard(application, {PROXY})(scope, receive, send))
    return scopes, answers


def test_an_allowed_answer_cannot_be_framed() -> None:
    scopes, [answer] = passed(request())
    assert (len(scopes), answer["status"]) == (1, 200)
    headers = [*answer["headers"]]
    assert [value for name, value in headers if name == b"x-frame-options"] == [b"DENY"]
    assert (b"content-security-policy", b"frame-ancestors 'none'") in headers
    assert (b"x-content-type-options", b"nosniff") in headers


def test_a_refused_request_does_not_reach_the_application() -> None:
    scopes, [start, body] = passed(request(headers={"host": "evil.example"}))
    assert (scopes, start["status"]) == ([], 403)
    assert b"SG_UI_HOSTS" in body["body"]
    assert (b"x-frame-options", b"DENY") in start["headers"]
    assert not any(name.startswith(b"access-control") for name, _ in start["headers"])


def test_a_refused_websocket_is_closed() -> None:
    scopes, [answer] = passed(request(type="websocket", path="/graphql"))
    assert (scopes, answer["type"]) == ([], "websocket.close")


def test_the_editor_gets_no_query_from_its_address() -> None:
    [scope], _ = passed(request(path="/graphql", headers={"accept": "text/html"}, query_string=b"query=mutation{x}"))
    assert scope["query_string"] == b""


def test_the_start_and_the_end_of_the_server_pass() -> None:
    assert len(passed({"type": "lifespan"})[0]) == 1
    assert passed({"type": "tunnel", "headers": []})[0] == []


def test_hosts_are_declared_by_name() -> None:
    assert declared_hosts("") == frozenset()
    assert declared_hosts(" ui.example.org, UI.example.org:8443 ") == {"ui.example.org", "ui.example.org:8443"}


@pytest.mark.parametrize(
    "text", ["*", "*.example.org", "https://ui.example.org", "a b", "ui.example.org/x", ":80", "a:b"]
)
def test_a_host_that_is_no_name_is_an_error(text: str) -> None:
    with pytest.raises(InvalidSettingError, match=r"SG_UI_HOSTS: .* is not a host.*Set it like"):
        declared_hosts(text)
