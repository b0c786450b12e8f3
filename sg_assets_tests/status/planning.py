"""Plans of the small graph."""

from sg_assets.status.plan import Plan, StepResources, plan, required_refs
from sg_assets_tests.status.small import SmallGraph

RESOURCES = StepResources({"adapters/sft": "gpu"}, {"scores/s": "some-model"})


def planned(graph: SmallGraph, *names: str, resources: StepResources = RESOURCES) -> Plan:
    partitions = graph.survey()
    return plan(
        graph.store, graph.graph, partitions, required_refs(graph.graph, graph.variants, names, partitions), resources
    )


def names(plan: Plan) -> list[str]:
    return [str(ref) for ref in plan.steps]
