"""``reports/model_card``: a card for each variant that has an adapter."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.declarations.graph import BASE, MODEL_CARD, OBJECTIVES, is_score_of_variants
from sg_assets.declarations.licences import Licensed, licences_of
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    from sg_assets.reports.model_card import Card, HeldTo
    from sg_assets.reports.results import MetricColumn, Results

CARD_FILE = "README.md"


def model_card_assets(project: Project) -> dict[str, Making]:
    """``reports/model_card``, where some variant has an adapter."""
    return {MODEL_CARD: _model_cards(project)} if MODEL_CARD in project.graph.nodes else {}


def licences(project: Project, variant: str) -> list[Licensed]:
    """What a variant is made from and scored with, and under which terms."""
    own = {"own_comments": project.settings.raw is not None, "own_toxigen": project.settings.toxigen is not None}
    return licences_of(project.declared, variant, **own)


def held_to(project: Project, workspace: Workspace) -> "list[HeldTo]":
    """The objectives of a variant and how it stands to them, as pinned by a step."""
    from sg_assets.reports.model_card import HeldTo

    if OBJECTIVES not in workspace.inputs:
        return []
    rows = {row["objective"]: row for row in workspace.table(OBJECTIVES).iter_rows(named=True)}
    names = ("kind", "outcome", "finding", "blocks_release")
    return [
        HeldTo(one.id, one.description, **{name: rows[one.id][name] for name in names})
        for one in project.declared.profile.objectives
        if one.id in rows
    ]


def _model_cards(project: Project) -> Making:
    declared = project.declared

    def recipe(partition: str | None) -> Recipe:
        from sg_assets.assets.scoreboard import cautions
        from sg_assets.reports.model_card import TEMPLATE

        variant = declared.variants[str(partition)]
        parameters = {
            "variant": recipe_parameters(variant),
            "mix": recipe_parameters(declared.mixes[str(variant.mix)]),
            "columns": [asdict(column) for column in _columns(project)],
            "objectives": {one.id: one.description for one in declared.profile.objectives},
            "licences": [_as_parameter(one) for one in licences(project, variant.name)],
            "despite": declared.profile.release.despite,
            "cautions": cautions(project),
        }
        template = (f"sg_assets/reports/{TEMPLATE.name}", TEMPLATE.read_text(encoding="utf-8"))
        modules = ["reports.model_card", "reports.card_facts"]
        return project.recipe(modules, parameters, libraries=["huggingface_hub", "jinja2"], queries=[template])

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        from sg_assets.reports.model_card import render

        workspace.result_folder.mkdir()
        text = render(_card(project, workspace, context.partition_key))
        (workspace.result_folder / CARD_FILE).write_text(text, encoding="utf-8")

    return Making(
        "A model card, as the Hugging Face Hub takes it: what a variant is, what it was trained on and how, its scores"
        " beside base's, how it stands to its objectives, limits, licences, and the exact versions behind all of it.",
        recipe, run, frozenset({"markdown", "huggingface"}), pictures=partial(_pictures, project),
    )  # fmt: skip


def _card(project: Project, workspace: Workspace, name: str) -> "Card":
    from sg_assets.assets.scoreboard import cautions
    from sg_assets.reports import card_facts
    from sg_assets.reports.model_card import Card

    variant, store = project.declared.variants[name], project.store
    mix = project.declared.mixes[str(variant.mix)]
    [adapter] = workspace.inputs[f"adapters/{variant.method}"]
    pinned = [one for found in workspace.inputs.values() for one in found]
    versions = card_facts.ancestry(store, pinned)
    return Card(
        variant=name,
        description=variant.description,
        method=variant.method,
        mix=mix.name,
        mix_description=mix.description,
        base=card_facts.base_model(store, adapter),
        data=card_facts.training_data(store, adapter),
        training=card_facts.training(adapter),
        cost=card_facts.training_cost(store, adapter),
        scores=_scores(project, name, pinned),
        objectives=held_to(project, workspace),
        despite=project.declared.profile.release.despite,
        licences=licences(project, name),
        cautions=cautions(project),
        versions=versions,
        notes=card_facts.noted(store, versions),
    )


def _scores(project: Project, variant: str, pinned: list[Manifest]) -> "Results":
    from sg_assets.assets.scoreboard import remarks_on, scores_of, variant_notes
    from sg_assets.reports.results import results

    scores = [one for one in pinned if is_score_of_variants(one.asset, project.declared)]
    shown = {name: note for note in variant_notes(project) if (name := note.variant) in (BASE, variant)}
    rows = [shown[name] for name in (variant, BASE) if name in shown]
    return results(scores_of(project, scores, remarks_on(project, scores)), rows, _columns(project))


def _columns(project: Project) -> "tuple[MetricColumn, ...]":
    from sg_assets.assets.scoreboard import shown_columns, skill_columns

    return (*shown_columns(project), *skill_columns(project))


def _as_parameter(one: Licensed) -> Mapping[str, object]:
    return {**asdict(one), "licence": one.licence and recipe_parameters(one.licence)}


def _pictures(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    file = project.store.path(manifest) / CARD_FILE
    _, _, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return {"card": dg.MetadataValue.md(body.strip()), "file": dg.MetadataValue.path(str(file))}
