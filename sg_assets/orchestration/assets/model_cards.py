"""``reports/model_card``: a card for each variant that has an adapter."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.asset_names import MODEL_CARD
from sg_assets.declarations.licences import Licensed, adapter_licences, dataset_licences, licences_of
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.assets.people_labels import alignment_cautions, alignment_entries, alignment_parameters
from sg_assets.orchestration.project import Project
from sg_assets.reports.model_card_step import CARD_FILE, write_card
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    from sg_assets.reports.results import MetricColumn


def model_card_assets(project: Project) -> dict[str, AssetDef]:
    """``reports/model_card``, where some variant has an adapter."""
    return {MODEL_CARD: _model_cards(project)} if MODEL_CARD in project.graph.nodes else {}


def licences(project: Project, variant: str) -> list[Licensed]:
    """The sources and models of a variant and of its scores, with their licences."""
    declared, sources = project.declared, project.declared.profile.sources
    own = {
        "own_comments": project.own_comments,
        "own_toxigen": project.settings.toxigen is not None or sources.toxigen is not None,
    }
    datasets = dataset_licences(declared, project.graph.nodes)
    return [*licences_of(declared, variant, **own), *adapter_licences(declared, variant), *datasets]


LICENCES: tuple[Entry, ...] = (licences_of, adapter_licences, dataset_licences)
"""What `licences` asks."""


def cautions(project: Project) -> list[str]:
    """The warnings that a reader needs before any number."""
    from sg_assets.reports import scoreboard

    return scoreboard.cautions(project.declared, own_comments=project.own_comments)


def _model_cards(project: Project) -> AssetDef:
    declared, alignment = project.declared, alignment_cautions(project)

    def recipe(partition: str | None) -> Recipe:
        from sg_assets.reports import scoreboard
        from sg_assets.reports.model_card import TEMPLATE

        variant = declared.variants[str(partition)]
        parameters = {
            "variant": recipe_parameters(variant),
            **({} if variant.mix is None else {"mix": recipe_parameters(declared.mixes[variant.mix])}),
            "columns": [asdict(column) for column in _columns(project)],
            "objectives": {objective.id: objective.description for objective in declared.profile.objectives},
            "licences": [_as_parameter(licensed) for licensed in licences(project, variant.name)],
            "despite": declared.profile.release.despite,
            "cautions": cautions(project),
            **alignment_parameters(project),
        }
        template = (f"sg_assets/reports/{TEMPLATE.name}", TEMPLATE.read_text(encoding="utf-8"))
        columns: list[Entry] = [scoreboard.shown_columns, scoreboard.skill_columns]
        shown: list[Entry] = [*columns, scoreboard.cautions, *alignment_entries(project)]
        libraries = ["huggingface_hub", "jinja2"]
        return project.recipe([write_card, *LICENCES, *shown], parameters, libraries=libraries, queries=[template])

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        terms = licences(project, context.partition_key)
        notes = [*alignment(workspace, declared), *cautions(project)]
        write_card(workspace, declared, _columns(project), terms, notes)

    return AssetDef(
        "A model card in the Hugging Face Hub's format: what a variant is, what it was trained on and how, its scores"
        " beside base's, whether it meets its objectives, limits, licences, and the exact versions behind all of it.",
        recipe, work, frozenset({"markdown", "huggingface"}), metadata=partial(_metadata, project),
    )  # fmt: skip


def _columns(project: Project) -> "tuple[MetricColumn, ...]":
    from sg_assets.reports.scoreboard import shown_columns, skill_columns

    return (*shown_columns(project.declared, project.graph.nodes), *skill_columns(project.declared))


def _as_parameter(licensed: Licensed) -> Mapping[str, object]:
    return {**asdict(licensed), "licence": licensed.licence and recipe_parameters(licensed.licence)}


def _metadata(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    file = project.store.path(manifest) / CARD_FILE
    _, _, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return {"card": dg.MetadataValue.md(body.strip()), "file": dg.MetadataValue.path(str(file))}
