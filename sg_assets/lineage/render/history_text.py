"""A history in words: the same in the terminal, in Markdown and on the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sg_assets.lineage.render import why_text
from sg_assets.lineage.scores.score_history import History, HistoryStep, PublishedScore, ScoreStatus
from sg_assets.lineage.scores.significance import MOVED
from sg_assets.text.numbers import metric_interval, metric_value

_MOST_CAUSES: Final = 3
"""Causes listed of a step."""
_MOST_DIFFERENCES: Final = 3
"""Differences of a measurement that are listed."""
_ACTIONS: Final = {
    "publish": "published",
    "revert": "made current again",
    "release": "released from quarantine",
    "repair": "made current after its record was damaged",
    "lost": "became current",
}
NO_VALUES: Final = "The values of every step are lost: each step says why."


@dataclass(frozen=True)
class Row:
    """A step of a score as it is shown."""

    step: int
    """Its number."""
    when: str
    """Date and time."""
    action: str
    """Published, or made current again."""
    value: str
    """The score."""
    interval: str
    """Its interval."""
    difference: str
    """The paired difference to the step before, with its interval."""
    verdict: str
    """Whether that is more than noise, or why it is not known."""
    moved: bool
    """Whether it is more than noise."""
    causes: tuple[str, ...]
    """The main causes."""
    notes: tuple[str, ...]
    """Remarks, such as a measurement that differs from the latest."""
    version: str
    """The version."""


def title(status: ScoreStatus) -> str:
    """A metric and its slice."""
    return f"{status.metric}, {status.slice}"


def status_line(status: ScoreStatus) -> str:
    """Latest, previous and best in one sentence."""
    parts = [f"latest {_at(status.latest, status)}"]
    parts.append("no previous" if status.previous is None else f"previous {_at(status.previous, status)}")
    if status.best is not None:
        parts.append(f"best {_at(status.best, status)}")
    sentence = ", ".join(parts)
    better = status.best_measured_differently
    if better is not None:
        sentence += f"; {_at(better, status)} was measured differently ({_listed(better.differences)})"
    return sentence


def rows(history: History, status: ScoreStatus | None) -> list[Row]:
    """The steps that were compared, oldest first; of no score where the values of all are lost."""
    return [_row(history, step, status) for step in history.recent]


def omitted(history: History) -> str:
    """How many steps are not shown; empty where all are."""
    count = len(history.steps) - history.shown
    return f"{count} earlier step{'s are' if count > 1 else ' is'} not shown (--all shows all)." if count else ""


def steps(history: History) -> list[Row]:
    """The steps with causes and remarks, whatever score they are shown with."""
    return rows(history, history.statuses[0] if history.statuses else None)


def _row(history: History, step: HistoryStep, status: ScoreStatus | None) -> Row:
    estimate = step.estimates.get(status.group) if status else None
    score = step.score(status.group) if status else None
    verdict = score.significance.verdict if score else None
    return Row(
        step=step.number,
        when=step.at.strftime("%Y-%m-%d %H:%M"),
        action=_ACTIONS[step.action],
        value=_value(estimate, status.metric if status else ""),
        interval="" if estimate is None or status is None else _interval(estimate, status.metric),
        difference="" if score is None else why_text.difference(score.significance),
        verdict=_verdict(history, step, status),
        moved=verdict in MOVED,
        causes=tuple(_causes(step)),
        notes=tuple(_notes(step)),
        version=step.version,
    )


def _verdict(history: History, step: HistoryStep, status: ScoreStatus | None) -> str:
    score = step.score(status.group) if status else None
    if score is not None:
        return score.significance.verdict.value
    if step.number == 1:
        return "first version"
    if step.compared is None:
        return "cannot be compared"
    if step.compared.explanation.equal:
        return "the same content"
    known = status is None or status.group in history.steps[step.number - 2].estimates
    return "no item values to compare" if known else "new here"


def _causes(step: HistoryStep) -> Iterator[str]:
    causes = step.compared.explanation.causes if step.compared else ()
    yield from (why_text.cause_line(cause) for cause in causes[:_MOST_CAUSES])
    if len(causes) > _MOST_CAUSES:
        yield f"and {len(causes) - _MOST_CAUSES} more"


def _notes(step: HistoryStep) -> Iterator[str]:
    if step.note:
        yield step.note
    if step.differences:
        yield f"measured differently from the latest: {_listed(step.differences)}"
    yield from step.lost
    yield from step.compared.lost if step.compared else ()


def _listed(differences: tuple[str, ...]) -> str:
    more = len(differences) - _MOST_DIFFERENCES
    return ", ".join(differences[:_MOST_DIFFERENCES]) + (f" and {more} more" if more > 0 else "")


def _at(step: HistoryStep, status: ScoreStatus) -> str:
    return f"{_value(step.estimates.get(status.group), status.metric)} (step {step.number})"


def _interval(estimate: PublishedScore, metric: str) -> str:
    return metric_interval(metric, estimate.low, estimate.high)


def _value(estimate: PublishedScore | None, metric: str) -> str:
    return "not known" if estimate is None else metric_value(metric, estimate.value)
