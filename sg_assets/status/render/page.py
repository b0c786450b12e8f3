"""A status with its plan as one self-contained HTML page: no script, nothing fetched."""

from pathlib import Path

from sg_assets.status.plan import Plan
from sg_assets.status.render.text import accepted, calls, cause_told, cost, estimated, need, reason
from sg_assets.status.summary import Summary
from sg_assets.text.templates import Filters, template

TEMPLATE = Path(__file__).with_name("page.html.j2")
_FILTERS: Filters = {
    "accepted": accepted, "told": cause_told, "calls": calls, "cost": cost, "estimated": estimated, "need": need,
    "reason": reason,
}  # fmt: skip


def page(shown: Summary, plan: Plan, title: str) -> str:
    """The page.

    Args:
        shown: How partitions stand.
        plan: What brings them up to date.
        title: Its heading.
    """
    return template(TEMPLATE, _FILTERS, html=True).render(shown=shown, plan=plan, title=title)
