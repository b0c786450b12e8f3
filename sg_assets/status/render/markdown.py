"""A status in Markdown, for a materialization in the Dagster UI."""

from sg_assets.status.plan import Plan
from sg_assets.status.render.text import accepted, cause_text, cost, obstacle_lines
from sg_assets.status.summary import Summary


def markdown(summary: Summary, plan: Plan) -> str:
    """A status and its plan."""
    counted = ", ".join(f"**{number}** {state}" for state, number in summary.counts.items())
    causes = [f"- behind {times}: {_plain(cause_text(cause))}" for cause, times in summary.causes]
    rows = [f"| {line.name} | {line.state} | {line.need} | {_plain(line.reason)} |" for line in summary.lines]
    table = ["| partition | state | needs | because |", "|---|---|---|---|", *rows] if rows else []
    planned = f"{len(plan.batches)} runs: {cost(plan.cost)}" if plan.steps else "Everything is up to date."
    first = [f"- {_plain(line)}" for line in obstacle_lines(plan)]
    gone = [f"No longer declared: {', '.join(map(str, summary.undeclared))}."] if summary.undeclared else []
    judges = [f"- {_plain(sentence)}" for sentence in summary.judges]
    noted = [accepted(summary.accepted)] if summary.accepted else []
    listed = (first, [counted], judges, causes, noted, table, [planned], gone)
    return "\n\n".join("\n".join(part) for part in listed if part)


def _plain(text: str) -> str:
    """Text without characters that end a cell or begin markup."""
    return text.replace("|", "\\|").replace("<", "&lt;")
