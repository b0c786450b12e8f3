"""A comparison, a replay and a history as JSON, for programs.

Names of values are those of the fields, but for fields that had another name when programs began to read them.
"""

import dataclasses
import json
from fractions import Fraction
from typing import Any, Final

from pydantic import BaseModel

from sg_assets.lineage.replay.score_replay import Replay
from sg_assets.lineage.rows.row_diff import RowSample
from sg_assets.lineage.rows.slices import Slice
from sg_assets.lineage.scores.score_history import History, HistoryStep, ScoreStatus
from sg_assets.lineage.why import Why

_KEYS: Final = {
    (Replay, "restorable"): "players",
    (Replay, "not_restorable"): "left",
    (RowSample, "change"): "fate",
    (Slice, "change"): "fate",
}
"""The keys of fields whose names differ from them."""


def as_json(why: Why, replay: Replay | None = None) -> str:
    """Every value of a comparison and of a replay. Shares of a change are written as a fraction and as a number."""
    explanation = why.explanation
    document = plain(why) | {"equal": explanation.equal, "causes": plain(explanation.causes)}
    if replay is not None:
        document["replay"] = plain(replay)
    return json.dumps(document, indent=1, ensure_ascii=False)


def history_as_json(history: History) -> str:
    """Every value of a history; for each step its causes, and the changes of the selected scores."""
    document = {
        "asset": str(history.ref),
        "standings": [_status(status) for status in history.statuses],
        "steps": [_step(history, step) for step in history.steps],
        "compared": history.shown,
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _status(status: ScoreStatus) -> dict[str, Any]:
    return {
        "metric": status.metric,
        "slice": status.slice,
        "latest": status.latest.number,
        "previous": _number(status.previous),
        "best": _number(status.best),
        "best_otherwise": _number(status.best_measured_differently),
    }


def _number(step: HistoryStep | None) -> int | None:
    return None if step is None else step.number


def _step(history: History, step: HistoryStep) -> dict[str, Any]:
    groups = [status.group for status in history.statuses if status.group in step.estimates]
    return {
        "number": step.number,
        "version": step.version,
        "action": step.action,
        "note": step.note,
        "otherwise": list(step.differences),
        "lost": list(step.lost),
        "at": step.at.isoformat(),
        "causes": plain(step.compared.explanation.causes) if step.compared else [],
        "scores": [
            {
                "metric": group[0],
                "slice": group[1],
                **plain(step.estimates[group]),
                "change": plain(score.change) if (score := step.score(group)) else None,
                "significance": plain(score.significance) if score else None,
            }
            for group in groups
        ],
    }


def plain(value: Any) -> Any:  # noqa: ANN401 - any value object to any plain data
    """A value object as plain data."""
    if isinstance(value, Fraction):
        return {"exact": str(value), "value": float(value)}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {_KEYS.get((type(value), name), name): plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    return value
