"""What decides a version now and was otherwise when it was made: the causes that enter at one partition."""

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


def moved(store: Store, head: Manifest, recipe: Recipe, inputs: Mapping[Ref, Manifest | None]) -> Iterator[Cause]:
    """Causes by which making a partition now would differ from what is published.

    Args:
        store: Where texts of code are kept.
        head: What is published.
        recipe: What it would be made by.
        inputs: What it would be made from; None for what is to be made, which is no cause of this partition's own.
    """
    place = str(head.ref)
    yield from moved_inputs(place, head, inputs)
    yield from code_causes(store, place, head.code, recipe.code, recipe.code_texts)
    yield from moved_values(place, head, recipe)
    yield from moved_libraries(place, head, recipe)


def moved_libraries(place: str, head: Manifest, recipe: Recipe) -> Iterator[Cause]:
    """Libraries that have another version now."""
    for name, version in recipe.library_versions().items():
        if head.code.listing is None and name not in head.libraries:
            continue  # which libraries the code used was not looked at then
        if head.libraries.get(name) != version:
            yield Cause(Kind.LIBRARY, (place,), name, head.libraries.get(name), version)


def moved_inputs(place: str, head: Manifest, inputs: Mapping[Ref, Manifest | None]) -> Iterator[Cause]:
    """Inputs that have other content now, are new, or are no longer read."""
    pinned = {pin.ref: pin.fingerprint for pin in head.inputs}
    for ref in pinned.keys() - inputs.keys():
        yield Cause(Kind.INPUT, (place,), str(ref), pinned[ref][:8], None, note="is no longer read")
    for ref, one in inputs.items():
        if ref not in pinned:
            note = "was not read before"
            yield Cause(Kind.INPUT, (place,), str(ref), None, one.fingerprint[:8] if one else None, note=note)
        elif one is not None and one.fingerprint != pinned[ref]:
            yield Cause(Kind.INPUT, (place,), str(ref), pinned[ref][:8], one.fingerprint[:8])


def moved_values(place: str, head: Manifest, recipe: Recipe) -> Iterator[Cause]:
    """Declared values that are other now."""
    deciding = deciding_of(head.parameters, recipe.parameters)
    if json_digest(deciding) == json_digest(dict(recipe.parameters)):
        return
    before = head.model_copy(update={"parameters": deciding})
    found = list(parameter_causes(place, before, head.model_copy(update={"parameters": dict(recipe.parameters)})))
    yield from found or [Cause(Kind.PARAMETER, (place,), "parameters", note="A declared value that had no effect.")]
