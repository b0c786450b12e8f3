"""Status and plan as data, for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sg_assets.lineage.causes import Cause
from sg_assets.status.partition_status import PartitionStatus
from sg_assets.status.plan import Plan
from sg_assets.store.refs import Ref


def status_json(standings: Iterable[PartitionStatus], undeclared: Sequence[Ref]) -> str:
    """Every partition, and those that only history knows."""
    return _written({"partitions": [_standing(one) for one in standings], "undeclared": list(map(str, undeclared))})


def plan_json(plan: Plan) -> str:
    """Runs in order, and what they cost together."""
    runs = [[_standing(plan.steps[ref].standing) | _costs(plan, ref) for ref in batch.refs] for batch in plan.batches]
    return _written({"runs": runs, "cost": asdict(plan.cost)})


def _costs(plan: Plan, ref: Ref) -> dict[str, Any]:
    step = plan.steps[ref]
    return {"estimate": asdict(step.estimate), "pool": step.pool, "paid": step.paid}


def _standing(one: PartitionStatus) -> dict[str, Any]:
    return {
        "partition": str(one.ref),
        "state": one.state.value,
        "need": one.need.value,
        "version": None if one.head is None else one.head.version,
        "causes": [_cause(cause) for cause in one.causes],
        "failing": list(one.failing),
        "quarantined": one.quarantined,
        "blocked": one.blocked,
        "accepted": None if one.accepted is None else one.accepted.model_dump(mode="json", exclude_none=True),
    }


def _cause(cause: Cause) -> Mapping[str, Any]:
    told = {"kind": cause.kind.value, "places": list(cause.places), "name": cause.name}
    return told | {"old": cause.old, "new": cause.new, "note": cause.note}


def _written(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
