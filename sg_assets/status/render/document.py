"""Status and plan as data, for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sg_assets.lineage.causes import Cause
from sg_assets.status.partition_status import PartitionStatus
from sg_assets.status.plan import Plan
from sg_assets.store.refs import Ref


def status_json(
    statuses: Iterable[PartitionStatus], undeclared: Sequence[Ref], judges: Sequence[Mapping[str, object]] = ()
) -> str:
    """The status of partitions as JSON, with the partitions that are no longer declared.

    Args:
        statuses: The status of each partition.
        undeclared: Partitions with versions that are no longer declared.
        judges: Judges that are held to a bound; left out where there are none.
    """
    partitions = [_status(status) for status in statuses]
    held = {"judges": list(judges)} if judges else {}
    return _to_json({"partitions": partitions, "undeclared": list(map(str, undeclared)), **held})


def plan_json(plan: Plan) -> str:
    """A plan as JSON: what cannot run here, runs in order, and their cost."""
    obstacles = [
        {"problem": obstacle.problem, "certain": obstacle.certain, "partitions": list(map(str, refs))}
        for obstacle, refs in plan.obstacles.items()
    ]
    runs = [[_status(plan.steps[ref].status) | _costs(plan, ref) for ref in batch.refs] for batch in plan.batches]
    held_back = list(map(str, plan.held_back))
    return _to_json({"obstacles": obstacles, "held_back": held_back, "runs": runs, "cost": asdict(plan.cost)})


def _costs(plan: Plan, ref: Ref) -> dict[str, Any]:
    step = plan.steps[ref]
    return {"estimate": asdict(step.estimate), "pool": step.pool, "paid": step.paid}


def _status(status: PartitionStatus) -> dict[str, Any]:
    return {
        "partition": str(status.ref),
        "state": status.state.value,
        "need": status.need.value,
        "version": None if status.head is None else status.head.version,
        "causes": [_cause(cause) for cause in status.causes],
        "failing": list(status.failing),
        "quarantined": status.quarantined,
        "damage": list(status.damage),
        "blocked": status.blocked,
        "accepted": None if status.accepted is None else status.accepted.model_dump(mode="json", exclude_none=True),
    }


def _cause(cause: Cause) -> Mapping[str, Any]:
    fields = {"kind": cause.kind.value, "places": list(cause.places), "name": cause.name}
    return fields | {"old": cause.old, "new": cause.new, "note": cause.note}


def _to_json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
