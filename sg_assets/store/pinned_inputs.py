"""Inputs of one step must stem from the same content of every ancestor they share."""

from collections.abc import Callable, Sequence

from sg_assets.errors import DamagedStoreError, SgAssetsError, UnknownVersionError
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def _unheard(_: str) -> None:
    return


def require_common_ancestors(
    store: Store, ref: Ref, pinned: Sequence[Manifest], log: Callable[[str], None] = _unheard
) -> None:
    """Check that no two inputs pin different contents of one ancestor.

    An ancestor whose record is lost is compared itself; what it was made from is not known, and the log says so.

    Raises:
        SgAssetsError: naming the ancestor, both inputs, and what to materialize to mend it.
    """
    seen: dict[Ref, tuple[str, Manifest]] = {}
    lost: list[str] = []
    for manifest in pinned:
        for ancestor in lineage(store, manifest, lost):
            fingerprint, first = seen.setdefault(ancestor.ref, (ancestor.fingerprint, manifest))
            if fingerprint != ancestor.fingerprint:
                head = store.readable_head(ancestor.ref)
                stale = manifest if head is not None and head.fingerprint == fingerprint else first
                raise SgAssetsError(
                    f"{first.ref} and {manifest.ref} were made from different versions of {ancestor.ref}",
                    where=str(ref),
                    why=f"contents {fingerprint[:8]} and {ancestor.fingerprint[:8]} would be mixed",
                    remedy=f"Materialize {stale.ref} (and the assets between the two) again",
                )
    for line in dict.fromkeys(lost):
        log(f"{ref}: {line}")


def lineage(store: Store, manifest: Manifest, lost: list[str] | None = None) -> list[PinnedInput]:
    """A version and everything it was made from, each once."""
    pins: dict[tuple[Ref, str], PinnedInput] = {}
    waiting = [manifest.pin()]
    while waiting:
        pin = waiting.pop()
        if (pin.ref, pin.version) not in pins:
            pins[pin.ref, pin.version] = pin
            try:
                waiting += _inputs(store, pin, manifest)
            except DamagedStoreError as error:
                if lost is None:
                    raise
                lost.append(f"what {pin.ref} was made from is not known: {error.why}")
    return list(pins.values())


def _inputs(store: Store, pin: PinnedInput, descendant: Manifest) -> tuple[PinnedInput, ...]:
    try:
        return store.manifest(pin.ref, pin.version).inputs
    except (DamagedStoreError, UnknownVersionError) as error:
        raise DamagedStoreError(
            f"what {descendant.ref} was made from is not known",
            where=str(descendant.ref),
            why=f"the record of {pin.ref} {pin.version} is lost or damaged",
            remedy="Run `sg-assets repair`; if that cannot restore it, `sg-assets run` makes anew what needs it",
        ) from error
