"""A comparison as plain data, for programs."""

import dataclasses
import json
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from sg_assets.lineage.replay.score_replay import Replay
from sg_assets.lineage.scores.score_history import History, Step
from sg_assets.lineage.why import Why


def as_json(why: Why, replay: Replay | None = None) -> str:
    """Every value of a comparison, and of a replay. Shares of a change come exact, as a fraction, and as a number."""
    explanation = why.explanation
    told = plain(why) | {"equal": explanation.equal, "causes": plain(explanation.causes)}
    if replay is not None:
        told["replay"] = plain(replay)
    return json.dumps(told, indent=1, ensure_ascii=False)


def history_as_json(history: History) -> str:
    """Every value of a history; of each step the causes and the change of the scores that were asked about."""
    groups = [one.group for one in history.standings]
    steps = [
        {
            **{
                name: plain(getattr(one, name)) for name in ("number", "version", "action", "note", "otherwise", "lost")
            },
            "at": one.at.isoformat(),
            "causes": plain(one.compared.explanation.causes) if one.compared else [],
            "scores": [
                {
                    "metric": group[0],
                    "slice": group[1],
                    **plain(one.estimates[group]),
                    "change": plain(score.change) if (score := one.score(group)) else None,
                    "significance": plain(score.significance) if score else None,
                }
                for group in groups
                if group in one.estimates
            ],
        }
        for one in history.steps
    ]
    standings = [
        {
            "metric": one.metric,
            "slice": one.slice,
            **{name: _number(getattr(one, name)) for name in ("latest", "previous", "best", "best_otherwise")},
        }
        for one in history.standings
    ]
    told = {"asset": str(history.ref), "standings": standings, "steps": steps, "compared": history.shown}
    return json.dumps(told, indent=1, ensure_ascii=False)


def _number(step: Step | None) -> int | None:
    return None if step is None else step.number


def plain(value: Any) -> Any:  # noqa: ANN401 - any value object to any plain data
    """A value object as plain data."""
    if isinstance(value, Fraction):
        return {"exact": str(value), "value": float(value)}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value
