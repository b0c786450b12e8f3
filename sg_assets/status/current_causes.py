"""The causes that enter at one partition: how today's recipe differs from that of the current version."""

from collections.abc import Iterator, Mapping

from sg_assets.declarations.recipe_parameters import deciding_of
from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_sources import code_causes
from sg_assets.lineage.changed_values import parameter_causes
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def recipe_changes(
    store: Store, head: Manifest, recipe: Recipe, inputs: Mapping[Ref, Manifest | None]
) -> Iterator[Cause]:
    """Causes by which making a partition today would differ from its current version.

    Args:
        store: The store, which holds the texts of code.
        head: The current version.
        recipe: Today's recipe.
        inputs: Today's inputs; None for an input that is to be made, which is no cause of this partition's own.
    """
    partition = str(head.ref)
    yield from input_changes(partition, head, inputs)
    yield from code_causes(store, partition, head.code, recipe.code, recipe.code_texts)
    yield from value_changes(partition, head, recipe)
    yield from library_changes(partition, head, recipe)


def library_changes(partition: str, head: Manifest, recipe: Recipe) -> Iterator[Cause]:
    """Libraries that have another version today."""
    for name, version in recipe.library_versions().items():
        if head.code.listing is None and name not in head.libraries:
            continue  # the libraries in use were not recorded then
        if head.libraries.get(name) != version:
            yield Cause(Kind.LIBRARY, (partition,), name, head.libraries.get(name), version)


def input_changes(partition: str, head: Manifest, inputs: Mapping[Ref, Manifest | None]) -> Iterator[Cause]:
    """Inputs whose content has changed, that are new, or that are no longer read."""
    pinned = {pin.ref: pin.fingerprint for pin in head.inputs}
    for ref in pinned.keys() - inputs.keys():
        yield Cause(Kind.INPUT, (partition,), str(ref), pinned[ref][:8], None, note="is no longer read")
    for ref, manifest in inputs.items():
        if ref not in pinned:
            note = "was not read before"
            yield Cause(
                Kind.INPUT, (partition,), str(ref), None, manifest.fingerprint[:8] if manifest else None, note=note
            )
        elif manifest is not None and manifest.fingerprint != pinned[ref]:
            yield Cause(Kind.INPUT, (partition,), str(ref), pinned[ref][:8], manifest.fingerprint[:8])


def value_changes(partition: str, head: Manifest, recipe: Recipe) -> Iterator[Cause]:
    """Declared values that have changed."""
    deciding = deciding_of(head.parameters, recipe.parameters)
    if json_digest(deciding) == json_digest(dict(recipe.parameters)):
        return
    before = head.model_copy(update={"parameters": deciding})
    causes = list(parameter_causes(partition, before, head.model_copy(update={"parameters": dict(recipe.parameters)})))
    yield from causes or [
        Cause(Kind.PARAMETER, (partition,), "parameters", note="A declared value that had no effect.")
    ]
