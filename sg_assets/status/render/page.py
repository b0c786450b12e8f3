"""A status with its plan as one self-contained HTML page: no script, nothing fetched."""

from pathlib import Path

from sg_assets.status.plan import Plan
from sg_assets.status.render.text import (
    accepted,
    calls,
    cause_text,
    cost,
    estimated,
    need,
    obstacle_lines,
    reason,
    rows,
)
from sg_assets.status.summary import Summary
from sg_assets.text.templates import Filters, template

TEMPLATE = Path(__file__).with_name("page.html.j2")
_FILTERS: Filters = {
    "accepted": accepted, "cause": cause_text, "calls": calls, "cost": cost, "estimated": estimated, "need": need,
    "obstacles": obstacle_lines, "reason": reason, "rows": rows,
}  # fmt: skip


def page(summary: Summary, plan: Plan, title: str) -> str:
    """The page.

    Args:
        summary: The status of all partitions.
        plan: The plan that brings them up to date.
        title: Its heading.
    """
    return template(TEMPLATE, _FILTERS, html=True).render(summary=summary, plan=plan, title=title)
