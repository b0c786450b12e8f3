"""The step that writes a variant's model card."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sg_assets.declarations.asset_names import BASE, is_score_of_variants

if TYPE_CHECKING:
    from sg_assets.declarations.licences import Licensed
    from sg_assets.declarations.loading import Declarations
    from sg_assets.reports.card import Card
    from sg_assets.reports.results import MetricColumn, Results
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.workspace import Workspace

CARD_FILE: Final = "README.md"
"""The card in its folder, named as the hub takes it."""


def write_card(
    workspace: "Workspace",
    declared: "Declarations",
    columns: "Sequence[MetricColumn]",
    licences: "Sequence[Licensed]",
    cautions: Sequence[str],
) -> None:
    """Write the card of a variant.

    Args:
        workspace: The workspace of the card; its partition is the variant.
        declared: The declarations.
        columns: The scores to show.
        licences: Licences of the inputs of the variant and its scores.
        cautions: Cautions before any number.
    """
    from sg_assets.reports.model_card import render

    workspace.result_folder.mkdir()
    text = render(_card(workspace, declared, columns, licences, cautions))
    (workspace.result_folder / CARD_FILE).write_text(text, encoding="utf-8")


def _card(
    workspace: "Workspace",
    declared: "Declarations",
    columns: "Sequence[MetricColumn]",
    licences: "Sequence[Licensed]",
    cautions: Sequence[str],
) -> "Card":
    from sg_assets.reports import card_facts
    from sg_assets.reports.card import Card
    from sg_assets.reports.objective_results import objective_statuses

    name, store = str(workspace.ref.partition), workspace.store
    variant = declared.variants[name]
    mix = None if variant.mix is None else declared.mixes[variant.mix]
    [adapter] = workspace.inputs[f"adapters/{variant.method}"]
    pinned = [manifest for manifests in workspace.inputs.values() for manifest in manifests]
    versions = card_facts.ancestry(store, pinned)
    return Card(
        variant=name,
        description=variant.description,
        method=variant.method,
        mix=None if mix is None else mix.name,
        mix_description=None if mix is None else mix.description,
        base=card_facts.base_model(store, adapter),
        data=() if mix is None else card_facts.training_data(store, adapter),
        training=None if mix is None else card_facts.training(adapter),
        imported=card_facts.imported_adapter(adapter) if mix is None else None,
        cost=card_facts.training_cost(store, adapter),
        scores=_scores(workspace, declared, columns, pinned),
        objectives=objective_statuses(workspace, declared.profile.objectives),
        despite=declared.profile.release.despite,
        licences=licences,
        cautions=cautions,
        versions=versions,
        adapter_effect=card_facts.adapter_effect(store, adapter, versions),
        notes=card_facts.version_notes(store, versions),
    )


def _scores(
    workspace: "Workspace", declared: "Declarations", columns: "Sequence[MetricColumn]", pinned: "Sequence[Manifest]"
) -> "Results":
    """The variant's row, and base's where the profile runs it."""
    from sg_assets.reports.results import results
    from sg_assets.reports.scoreboard import remarks_on, scores_of, variant_notes

    variant, store = str(workspace.ref.partition), workspace.store
    scores = [manifest for manifest in pinned if is_score_of_variants(manifest.asset, declared)]
    shown = {name: note for note in variant_notes(declared) if (name := note.variant) in (BASE, variant)}
    rows = [shown[name] for name in (variant, BASE) if name in shown]
    return results(scores_of(store, scores, remarks_on(store, scores), declared.replicates), rows, columns)
