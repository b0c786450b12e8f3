"""What the check of a score's move says."""

from collections.abc import Sequence

from sg_assets.lineage.render import why_text
from sg_assets.lineage.render.why_markdown import command, escaped
from sg_assets.lineage.scores.score_move import Move, alarming
from sg_assets.lineage.why import Why

_MAIN = 3


def moves_line(found: Sequence[Move], lost: Sequence[str] = ()) -> str:
    """All of it in a sentence."""
    if not found:
        return "; ".join(lost) or "no watched score is in both versions"
    moved = alarming(found)
    if not moved:
        return f"none of {len(found)} watched scores moved so that it is told"
    return "; ".join(f"{_name(one)}: {why_text.difference(one.score.significance)}" for one in moved)


def moves_table(found: Sequence[Move]) -> str:
    """Markdown, a row per watched score."""
    rows = [
        "| score | before | after | difference | verdict | told from | finding |",
        "|---|---:|---:|---|---|---:|---|",
    ]
    for one in found:
        change, size = one.score.change, one.told_from
        cells = (
            _name(one), why_text.amount(change, change.before), why_text.amount(change, change.after),
            why_text.difference(one.score.significance), one.score.significance.verdict.value,
            "any size" if size is None else why_text.number(change.metric, size), one.finding.value,
        )  # fmt: skip
        rows.append(f"| {' | '.join(map(escaped, cells))} |")
    return "\n".join(rows)


def causes_line(why: Why) -> str:
    """The main causes, and the command that shows all of it."""
    causes = why.explanation.causes
    told = [f"- {escaped(why_text.cause(one))}" for one in causes[:_MAIN]]
    if len(causes) > _MAIN:
        told.append(f"- and {len(causes) - _MAIN} more")
    return "\n".join([*told, "", f"All of it: `{command(why.explanation.before, why.explanation.after)}`"])


def _name(one: Move) -> str:
    return f"{one.score.change.metric}, {one.score.change.slice}"
