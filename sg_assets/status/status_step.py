"""The status as a step's result."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.status.plan import Plan
    from sg_assets.status.summary import Summary
    from sg_assets.store.workspace import Workspace


def write_status(workspace: "Workspace", shown: "Summary", plan: "Plan", profile: str) -> None:
    """Write the page.

    Args:
        workspace: Of the status.
        shown: How partitions stand.
        plan: What brings them up to date.
        profile: The profile's name.
    """
    from sg_assets.status.render.page import page

    workspace.result_folder.mkdir()
    html = page(shown, plan, f"Status, profile {profile}")
    (workspace.result_folder / "index.html").write_text(html, encoding="utf-8")
