"""The step that writes the status page."""

from sg_assets.status.status_step import write_status
from sg_assets_tests.status.render.views import edited
from sg_assets_tests.status.small import SmallGraph
from sg_assets_tests.store.steps import workspace


def test_the_page_names_the_profile(built: SmallGraph) -> None:
    summary, plan = edited(built)
    with workspace(built.store, "reports/status") as work:
        write_status(work, summary, plan, "tiny")
        assert "<title>Status, profile tiny</title>" in (work.result_folder / "index.html").read_text()
