"""The step that writes the status page."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.status.plan import Plan
    from sg_assets.status.summary import Summary
    from sg_assets.store.workspace import Workspace


def write_status(workspace: "Workspace", summary: "Summary", plan: "Plan", profile: str) -> None:
    """Write the page.

    Args:
        workspace: The workspace of the status asset.
        summary: The status of all partitions.
        plan: The plan that brings them up to date.
        profile: The profile's name.
    """
    from sg_assets.status.render.page import page

    workspace.result_folder.mkdir()
    html = page(summary, plan, f"Status, profile {profile}")
    (workspace.result_folder / "index.html").write_text(html, encoding="utf-8")
