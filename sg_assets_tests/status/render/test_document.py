"""Status and plan as JSON."""

import json

from sg_assets.status.render.document import plan_json, status_json
from sg_assets_tests.status.render.views import edited
from sg_assets_tests.status.small import SmallGraph


def test_json_holds_every_partition_and_the_runs_in_order(built: SmallGraph) -> None:
    shown, plan = edited(built)
    document = json.loads(status_json(built.survey().values(), shown.undeclared))
    assert len(document["partitions"]) == 14
    assert document["undeclared"] == ["scores/s[gone]"]
    [own] = [partition for partition in document["partitions"] if partition["partition"] == "adapters/sft[sft]"]
    assert (own["state"], own["need"], own["causes"][0]["name"]) == ("out of date", "work", "rank")
    runs = json.loads(plan_json(plan))["runs"]
    assert [partition["partition"] for run in runs for partition in run] == [str(ref) for ref in plan.steps]
