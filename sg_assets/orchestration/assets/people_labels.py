"""The labels of people, and judges compared with them."""

from collections.abc import Callable, Mapping
from functools import partial

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.asset_names import ANNOTATOR_AGREEMENT, ANSWER_LABELS, JUDGE_ALIGNMENT, JUDGED_LABELS
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.orchestration.asset_def import AssetDef, ExtraOutput
from sg_assets.orchestration.checks.judges_aligned import judges_aligned
from sg_assets.orchestration.judge_scoring import (
    SCORING_ENTRIES,
    SCORING_LIBRARIES,
    kind_scores,
    scoring_parameters,
    scoring_pool,
)
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.stored_outputs import stored_scores
from sg_assets.people.alignment_step import align_judges
from sg_assets.people.answer_labels import ANSWER, KEY, copy_labels
from sg_assets.people.flags import FlagJudge, flag_judges
from sg_assets.people.judge_standing import judge_cautions, without_alignment
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace


def label_assets(project: Project) -> dict[str, AssetDef]:
    """``labels/*``, where the profile takes labels."""
    if ANSWER_LABELS not in project.graph.nodes:
        return {}
    return {ANSWER_LABELS: _labels(project), JUDGE_ALIGNMENT: _alignment(project)}


def labels_recipe(project: Project, imports: "list[Mapping[str, object]]") -> Recipe:
    """The recipe of all labels that certain imports brought.

    Args:
        project: The project.
        imports: The imports, oldest first, as plain values.
    """
    return project.recipe([copy_labels], {"imports": imports}, key=KEY)


def alignment_entries(project: Project) -> list[Entry]:
    """What else a report begins with where it says whether judges are aligned; elsewhere its recipe stays as it is."""
    return [judge_cautions, without_alignment] if JUDGE_ALIGNMENT in project.graph.nodes else []


def alignment_cautions(project: Project) -> Callable[[Workspace, Declarations], list[str]]:
    """What tells readers of judges that are held to a bound; tells nothing where none is."""
    return judge_cautions if JUDGE_ALIGNMENT in project.graph.nodes else lambda _, __: []


def scores_alone(project: Project) -> Callable[[Workspace], Workspace]:
    """What leaves a report's workspace the inputs that are scores."""
    return without_alignment if JUDGE_ALIGNMENT in project.graph.nodes else lambda workspace: workspace


def alignment_parameters(project: Project) -> dict[str, object]:
    """What decides that, besides the comparison: the judges that benchmarks name, and their bounds."""
    labels = project.declared.profile.labels
    if labels is None or JUDGE_ALIGNMENT not in project.graph.nodes:
        return {}
    known = [vars(judge) for judge in flag_judges(project.declared)]
    return {"alignment": {"judges": known, "held": sorted(labels.aligned)}}


def _labels(project: Project) -> AssetDef:
    def recipe(_: str | None) -> Recipe:
        head = project.store.readable_head(Ref.parse(ANSWER_LABELS))
        return labels_recipe(project, [] if head is None else head.parameters["imports"])

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        copy_labels(workspace)

    return AssetDef(
        "What people say of answers: every label by answer, person and date. `sg-assets label import` adds to it, and"
        " nothing is taken away; of one person's labels of an answer the last counts.",
        recipe, work,
    )  # fmt: skip


def alignment_inputs(project: Project) -> tuple[list[FlagJudge], dict[str, dict[str, object]]]:
    """The judges to compare with people, and what is declared for them."""
    labels = project.declared.profile.labels
    aligned = {} if labels is None else labels.aligned
    return flag_judges(project.declared), {name: recipe_parameters(bound) for name, bound in aligned.items()}


def _alignment(project: Project) -> AssetDef:
    judges, bounds = alignment_inputs(project)
    names = sorted({judge.judge for judge in judges})

    def recipe(_: str | None) -> Recipe:
        parameters = {
            "judges": [vars(judge) for judge in judges],
            "bounds": bounds,
            **scoring_parameters(project, names),
        }
        entries: list[Entry] = [align_judges, *SCORING_ENTRIES]
        return project.recipe(entries, parameters, libraries=SCORING_LIBRARIES, key=("flag", "judge", "slice"))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_scores(project, context.log.info) as memories:
            align_judges(workspace, judges, bounds, kind_scores(project, context, workspace, memories))

    return AssetDef(
        "How often each judge is right by what people say: sensitivity and specificity over all answers with intervals,"
        " by slice, and whether it reaches what is declared for it.",
        recipe, work, pool=scoring_pool(project, names), records_machine=True, metadata=partial(_metadata, project),
        monitors=(judges_aligned(project),),
        extra_outputs={
            JUDGED_LABELS: ExtraOutput(
                "Each labelled answer with what each judge says of it.", (*ANSWER, "judge", "sample")
            ),
            ANNOTATOR_AGREEMENT: ExtraOutput(
                "Whether people agree: Cohen's kappa of every two.", ("flag", "annotator", "other_annotator")
            ),
        },
    )  # fmt: skip


def _metadata(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.people.alignment_tables import accuracy_table, agreement_table

    made_with = project.store.readable_head(Ref.parse(ANNOTATOR_AGREEMENT))
    people = (
        {} if made_with is None else {"people": dg.MetadataValue.md(agreement_table(project.store.path(made_with)))}
    )
    return {"judges": dg.MetadataValue.md(accuracy_table(project.store.path(manifest))), **people}
