"""Pages of other sites, in a real browser beside a real UI: they launch nothing, see nothing and frame nothing."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sg_assets_tests.browser.conftest import CHROMIUM, FLAGS
from sg_assets_tests.browser.server import Server, start, stop
from sg_assets_tests.paths import PROJECT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
MUTATION = 'mutation { setConcurrencyLimit(concurrencyKey: "foreign", limit: 3) }'
ATTACKS = {
    "text": "fetch(URL, {method: 'POST', mode: 'no-cors', body: JSON.stringify({query: Q})})",
    "json": "fetch(URL, {method: 'POST', headers: {'Content-Type': 'application/json'},"
    " body: JSON.stringify({query: Q})})",
    "get": "fetch(URL + '?query=' + encodeURIComponent(Q), {mode: 'no-cors'})",
    "beacon": "Promise.resolve(navigator.sendBeacon(URL + '?query=' + encodeURIComponent(Q), 'x'))",
    "image": "new Promise(done => { const i = new Image(); i.onload = i.onerror = done;"
    " i.src = URL + '?query=' + encodeURIComponent(Q) })",
    "script": "new Promise(done => { const s = document.createElement('script'); s.onload = s.onerror = done;"
    " s.src = URL + '?query=' + encodeURIComponent(Q); document.head.append(s) })",
    "form": "new Promise(done => { const f = document.createElement('form'); f.method = 'POST'; f.target = 'frame';"
    " f.action = URL + '?query=' + encodeURIComponent(Q); document.body.append(f); f.submit();"
    " setTimeout(done, 1500) })",
}  # fmt: skip
SOCKET = (
    "new Promise(done => { const s = new WebSocket(URL.replace('http', 'ws'), 'graphql-ws');"
    " s.onopen = () => done('open'); s.onerror = () => done('refused') })"
)


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("foreign")
    server = start(PROJECT, folder / "home", folder / "log")
    yield server
    stop(server)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another site on this machine."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<title>Other site</title><body><iframe name='frame'></iframe></body>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_address[1]}/index.html"
        site.shutdown()


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


def run(tab: Page, ui: Server, script: str) -> Any:
    return tab.evaluate(
        f"([URL, Q]) => Promise.race([{script}.then(r => r && (r.type || r), e => 'failed'),"
        " new Promise(d => setTimeout(() => d('late'), 5000))]).then(String)",
        [f"{ui.url}/graphql", MUTATION],
    )


def is_executed(ui: Server) -> bool:
    """Whether the mutation has been executed."""
    limits = ui.ask("{ instance { concurrencyLimits { concurrencyKey } } }")["instance"]["concurrencyLimits"]
    return "foreign" in [limit["concurrencyKey"] for limit in limits]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_foreign_page_executes_nothing(tab: Page, ui: Server, foreign: str, attack: str) -> None:
    tab.goto(foreign)
    run(tab, ui, ATTACKS[attack])
    assert not is_executed(ui)


def test_a_foreign_page_opens_no_websocket(tab: Page, ui: Server, foreign: str) -> None:
    tab.goto(foreign)
    assert run(tab, ui, SOCKET) == "refused"


def test_a_foreign_page_frames_nothing(tab: Page, ui: Server, foreign: str) -> None:
    tab.goto(foreign)
    tab.evaluate(f"document.querySelector('iframe').src = '{ui.url}/runs'")
    tab.wait_for_timeout(1500)
    assert "Dagster" not in tab.frames[1].content()


def test_the_ui_itself_shows_the_graph_and_opens_its_websocket(tab: Page, ui: Server) -> None:
    tab.goto(f"{ui.url}/assets")
    expect(tab.get_by_text("forum_comments").or_(tab.get_by_text("raw")).first).to_be_visible(timeout=60_000)
    assert run(tab, ui, SOCKET) == "open"
    run(tab, ui, ATTACKS["json"])  # its own page may
    assert is_executed(ui)
