"""Numbers that demo judges gave to answers of models that were not made here."""

from collections.abc import Iterator
from contextlib import suppress

from sg_assets.declarations.judge_kinds import DEMO_JUDGED
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store


def demo_judged_of(store: Store, version: Manifest) -> Iterator[str]:
    """What a version's numbers, or those of the judgements that it is made from, say of their judges.

    Args:
        store: Holds them.
        version: Of a score or of judgements.
    """
    if DEMO_JUDGED in version.details:
        yield str(version.details[DEMO_JUDGED])
    for pin in version.inputs:
        if kind_of(pin.asset) is JUDGEMENTS:
            with suppress(SgAssetsError):
                yield from demo_judged_of(store, store.manifest(pin.ref, pin.version))
