"""How a history is put into words: the same in the terminal, in markdown and on the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sg_assets.lineage.render import why_text
from sg_assets.lineage.scores.score_history import Estimate, History, ScoreStatus, Step
from sg_assets.lineage.scores.significance import MOVED

_MAIN: Final = 3
"""Causes told of a step."""
_ACTIONS: Final = {"publish": "published", "revert": "made current again", "release": "released from quarantine"}
_LONGEST_LIST: Final = 3


@dataclass(frozen=True)
class Row:
    """One step of one score as it is shown."""

    step: int
    when: str
    what: str
    """What happened: published, or made current again."""
    value: str
    interval: str
    difference: str
    """The paired difference to the step before, with its interval."""
    verdict: str
    moved: bool
    """Whether it is more than noise."""
    causes: tuple[str, ...]
    notes: tuple[str, ...]
    version: str


def title(one: ScoreStatus) -> str:
    """A metric and its slice."""
    return f"{one.metric}, {one.slice}"


def standing(one: ScoreStatus) -> str:
    """Latest, previous and best in one sentence."""
    told = [f"latest {_at(one.latest, one)}"]
    told.append("no previous" if one.previous is None else f"previous {_at(one.previous, one)}")
    if one.best is not None:
        told.append(f"best {_at(one.best, one)}")
    sentence = ", ".join(told)
    if one.best_otherwise is not None:
        sentence += f"; {_at(one.best_otherwise, one)} was measured otherwise ({_listed(one.best_otherwise.otherwise)})"
    return sentence


def rows(history: History, one: ScoreStatus) -> list[Row]:
    """The steps that were compared, oldest first."""
    return [_row(history, step, one) for step in history.recent]


def omitted(history: History) -> str:
    """How many steps are not shown; empty where all are."""
    left = len(history.steps) - history.shown
    return f"{left} earlier step{'s are' if left > 1 else ' is'} not shown (--all shows all)." if left else ""


def _row(history: History, step: Step, one: ScoreStatus) -> Row:
    known, score = step.estimates.get(one.group), step.score(one.group)
    verdict = score.significance.verdict if score else None
    return Row(
        step=step.number,
        when=step.at.strftime("%Y-%m-%d %H:%M"),
        what=_ACTIONS[step.action],
        value="not known" if known is None else _value(known, one.metric),
        interval="" if known is None else _interval(known, one.metric),
        difference="" if score is None else why_text.difference(score.significance),
        verdict=_verdict(history, step, one),
        moved=verdict in MOVED,
        causes=tuple(_causes(step)),
        notes=tuple(_notes(step)),
        version=step.version,
    )


def _verdict(history: History, step: Step, one: ScoreStatus) -> str:
    score = step.score(one.group)
    if score is not None:
        return score.significance.verdict.value
    if step.number == 1:
        return "first version"
    if step.compared is None:
        return "cannot be compared"
    if step.compared.explanation.equal:
        return "the same content"
    known = one.group in history.steps[step.number - 2].estimates
    return "no values item by item to compare" if known else "new here"


def _causes(step: Step) -> Iterator[str]:
    found = step.compared.explanation.causes if step.compared else ()
    yield from (why_text.cause(cause) for cause in found[:_MAIN])
    if len(found) > _MAIN:
        yield f"and {len(found) - _MAIN} more"


def _notes(step: Step) -> Iterator[str]:
    if step.note:
        yield step.note
    if step.otherwise:
        yield f"measured otherwise than the latest: {_listed(step.otherwise)}"
    yield from step.lost
    yield from step.compared.lost if step.compared else ()


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _LONGEST_LIST
    return ", ".join(names[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")


def _at(step: Step, one: ScoreStatus) -> str:
    known = step.estimates.get(one.group)
    return f"{'not known' if known is None else _value(known, one.metric)} (step {step.number})"


def _value(known: Estimate, metric: str) -> str:
    return why_text.number(metric, known.value)


def _interval(known: Estimate, metric: str) -> str:
    if known.low is None or known.high is None:
        return "none"
    return f"{why_text.number(metric, known.low)} to {why_text.number(metric, known.high)}"
