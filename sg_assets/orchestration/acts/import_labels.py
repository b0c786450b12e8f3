"""The job ``import_labels``: taking in the labels of a person, from the UI."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.declarations.asset_names import ANSWER_LABELS, JUDGE_ALIGNMENT
from sg_assets.orchestration.acts.act import Act, ActConfig, Event, act_job, ended
from sg_assets.orchestration.acts.current_version import current_events
from sg_assets.orchestration.acts.downstream import backfill_command, names_of, outdated_downstream
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.label_sheets import import_sheet
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref

JOB: Final = "import_labels"
OP: Final = "take_in_labels"


class ImportLabelsConfig(ActConfig):
    """Which sheet is taken in, and whose it is."""

    file: str = Field(description="Required. The sheet, as a path on the machine that Dagster runs on.")
    annotator: str = Field(description="Required. Who gave the labels.")


def import_labels_job(project: Project, asset_defs: Mapping[str, AssetDef]) -> dg.JobDefinition:
    """The job that takes in a sheet of labels."""

    def perform(context: dg.OpExecutionContext, config: ImportLabelsConfig) -> Iterator[Event]:
        imported = import_sheet(project, Path(config.file), config.annotator, context.log.info)
        if imported.outcome is None:
            yield ended(context, ["The sheet was taken in before as labels of this person: nothing to do."])
            return
        why = f"{imported.labels} labels of {config.annotator}"
        shown = {"outcome": "labels taken in", "why": why, "by": str(config.maker)}
        yield from current_events(context.instance, project, asset_defs, imported.outcome, shown)
        left = f"{imported.unlabelled} drawn answers have no label of this person yet."
        command = f"To compare judges with them: `{backfill_command(after_import(project))}`."
        yield ended(context, [left, command] if imported.unlabelled else [command])

    return act_job(
        Act(
            JOB,
            OP,
            "Take in a sheet of `sg-assets label sample` that a person filled in: all labels, or none where a row is"
            " wrong. Earlier labels are kept; of one person's labels of an answer the last counts.",
            ImportLabelsConfig,
            {"file": "", "annotator": "", "who": ""},
            perform,
        )
    )


def after_import(project: Project) -> list[str]:
    """What is to be made again when labels came: judges compared with people, and what shows that."""
    outdated = outdated_downstream(project.store, project.graph, [Ref.parse(ANSWER_LABELS)])
    return list(dict.fromkeys([JUDGE_ALIGNMENT, *names_of(project.graph, outdated)]))
