"""``reports/status``: the status of every partition, and the plan that brings them up to date.

It shows the graph and is no node of it, so that it can be made whatever is missing.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import STATUS, project_plan, project_survey, undeclared_of
from sg_assets.status.status_step import write_status
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace, run_step

if TYPE_CHECKING:
    from sg_assets.status.plan import Plan
    from sg_assets.status.summary import Summary

_AFTER = "reports/results"
"""A run of both assets shows the results as up to date."""


def status_asset(project: Project, asset_defs: Mapping[str, AssetDef]) -> dg.AssetsDefinition:
    """The status as a page and in the UI; made again only where a status changed."""

    @dg.asset(
        key=STATUS.split("/"),
        deps=[_AFTER.split("/")] if _AFTER in project.graph.nodes else [],
        group_name=STATUS.split("/", maxsplit=1)[0],
        kinds={"html"},
        description="The state of every partition: current, out of date (and why), missing, quarantined or failing"
        " checks; and the cost of bringing it up to date.",
    )
    def status(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from sg_assets.people.judge_standing import current_standings
        from sg_assets.status.render.document import plan_json, status_json
        from sg_assets.status.summary import summary

        survey = project_survey(project, asset_defs)
        undeclared = undeclared_of(project)
        plan = project_plan(project, asset_defs, survey, [])
        judges = current_standings(project.store, project.declared)
        status_summary = summary(survey.values(), undeclared, judges=list(map(str, judges)))
        standing = status_json(survey.values(), undeclared, [asdict(judge) for judge in judges])
        recipe = _recipe(project, json_digest([standing, plan_json(plan)]))

        def work(workspace: Workspace) -> None:
            write_status(workspace, status_summary, plan, project.settings.profile)

        outcome = run_step(
            project.store, Ref.parse(STATUS), [], recipe, work, run_id=context.run.run_id, log=context.log.info
        )
        if outcome.moved_head:
            project.catalogue.published()
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.manifest.fingerprint),
            metadata=_metadata(status_summary, plan)
            | {
                "version": dg.MetadataValue.text(outcome.manifest.version),
                "page": dg.MetadataValue.path(str(project.store.location(outcome.manifest) / "index.html")),
            },
        )

    return status


def _recipe(project: Project, standing: str) -> Recipe:
    from sg_assets.status.render.page import TEMPLATE

    template = (f"sg_assets/status/{TEMPLATE.name}", TEMPLATE.read_text(encoding="utf-8"))
    parameters = {"profile": project.settings.profile, "standing": standing}
    return project.recipe([write_status], parameters, libraries=["jinja2"], queries=[template])


def _metadata(status_summary: "Summary", plan: "Plan") -> dict[str, dg.MetadataValue]:
    from sg_assets.status.render.markdown import markdown
    from sg_assets.status.render.text import calls_due, money

    cost = plan.cost
    return {
        "status": dg.MetadataValue.md(markdown(status_summary, plan)),
        **{
            str(state).replace(" ", "_"): dg.MetadataValue.int(number)
            for state, number in status_summary.counts.items()
        },
        "steps_due": dg.MetadataValue.int(cost.steps),
        "model_calls_due": dg.MetadataValue.text(calls_due(cost)),
        "gpu_minutes_due": dg.MetadataValue.float(round(cost.pool_seconds / 60, 2)),
        "money_due": dg.MetadataValue.text(money(cost)),
    }
