"""A status in Markdown, for a materialization in the Dagster UI."""

from sg_assets.status.plan import Plan
from sg_assets.status.render.text import accepted, cause_told, cost
from sg_assets.status.summary import Summary


def markdown(shown: Summary, plan: Plan) -> str:
    """How partitions stand and why, and what bringing them up to date costs."""
    counted = ", ".join(f"**{number}** {state}" for state, number in shown.counts.items())
    causes = [f"- behind {times}: {_plain(cause_told(cause))}" for cause, times in shown.causes]
    rows = [f"| {one.name} | {one.state} | {one.need} | {_plain(one.reason)} |" for one in shown.lines]
    table = ["| partition | state | needs | because |", "|---|---|---|---|", *rows] if rows else []
    told = f"{len(plan.batches)} runs: {cost(plan.cost)}" if plan.steps else "Everything is up to date."
    gone = [f"No longer declared: {', '.join(map(str, shown.undeclared))}."] if shown.undeclared else []
    noted = [accepted(shown.accepted)] if shown.accepted else []
    return "\n\n".join("\n".join(part) for part in ([counted], causes, noted, table, [told], gone) if part)


def _plain(text: str) -> str:
    """Without what would end a cell or begin markup."""
    return text.replace("|", "\\|").replace("<", "&lt;")
