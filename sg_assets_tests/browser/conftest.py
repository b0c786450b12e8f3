"""One server and one browser for all tests here; screenshots go to ``.screenshots``, which git ignores."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sg_assets_tests.browser.server import Server, start, stop
from sg_assets_tests.e2e.conftest import Finished, finished
from sg_assets_tests.paths import PROJECT

__all__ = ["finished"]
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
SCREENSHOTS = PROJECT / ".screenshots"
Shot = Callable[[str], None]


@pytest.fixture(scope="session")
def server(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed: apt-get install chromium")
    folder = tmp_path_factory.mktemp("ui")
    shutil.copytree(finished.home, folder / "home")
    for name in ("models", "sql"):
        shutil.copytree(PROJECT / name, folder / "project" / name)
    shutil.copy(PROJECT / "workspace.yaml", folder / "project")
    server = start(folder / "project", folder / "home", folder / "server.log")
    yield server
    stop(server)


@pytest.fixture(scope="module")  # its event loop runs on, and would be in the way of tests that have their own
def page(server: Server) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)  # its own is 5 s, less than a busy machine's UI takes to look again
        yield page
        browser.close()


@pytest.fixture
def shot(page: Page) -> Shot:
    SCREENSHOTS.mkdir(exist_ok=True)

    def taken(name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return taken
