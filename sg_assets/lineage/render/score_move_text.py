"""The texts of the check of a score's move."""

from collections.abc import Sequence

from sg_assets.lineage.render import why_text
from sg_assets.lineage.scores.score_move import MoveFinding, ScoreMove, alarming_moves
from sg_assets.text.markdown import escaped
from sg_assets.text.numbers import metric_value


def moves_line(watched: Sequence[ScoreMove], lost: Sequence[str] = ()) -> str:
    """The result in a sentence."""
    if not watched:
        return "; ".join(lost) or "no watched score is in both versions"
    unknown = [move for move in watched if move.finding is MoveFinding.INCOMPARABLE]
    lines = [f"{_name(move)}: {why_text.difference(move.score.significance)}" for move in alarming_moves(watched)]
    compared = len(watched) - len(unknown)
    if compared and not lines:
        lines.append(f"none of {compared} watched scores moved enough to be reported")
    if unknown:
        names = ", ".join(map(_name, unknown))
        lines.append(f"cannot be compared, because no item is in both versions: {names}")
    return "; ".join(lines)


def moves_table(watched: Sequence[ScoreMove]) -> str:
    """Markdown, a row per watched score."""
    rows = [
        "| score | before | after | difference | verdict | reported from | finding |",
        "|---|---:|---:|---|---|---:|---|",
    ]
    for move in watched:
        change, size = move.score.change, move.reported_from
        cells = (
            _name(move), metric_value(change.metric, change.before), metric_value(change.metric, change.after),
            why_text.difference(move.score.significance), move.score.significance.verdict.value,
            "any size" if size is None else metric_value(change.metric, size), move.finding.value,
        )  # fmt: skip
        rows.append(f"| {' | '.join(map(escaped, cells))} |")
    return "\n".join(rows)


def _name(move: ScoreMove) -> str:
    return f"{move.score.change.metric}, {move.score.change.slice}"
