"""From the name a person gives to the partitions that have versions."""

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def refs_with_versions(store: Store) -> list[Ref]:
    """Every partition that has a version, published or in quarantine."""
    return sorted({*store.refs(), *(manifest.ref for manifest in quarantined_versions(store))}, key=str)


def named_partitions(store: Store, name: str) -> list[Ref]:
    """The partition named, or all partitions of the asset named.

    Raises:
        SgAssetsError: it has no version.
    """
    named, known = Ref.parse(name), refs_with_versions(store)
    refs = [ref for ref in known if ref == named or (named.partition is None and ref.asset == named.asset)]
    if not refs:
        remedy = nearest(str(named), {*map(str, known), *(ref.asset for ref in known)})
        raise SgAssetsError(f"{named} has no version", remedy=remedy)
    return refs


def published_ref(store: Store, name: str) -> Ref:
    """The partition named, which has a published version.

    Raises:
        SgAssetsError: it has none.
    """
    ref = Ref.parse(name)
    if not store.heads.names_of(ref):
        raise SgAssetsError(f"{ref} has no version", remedy=nearest(str(ref), map(str, store.refs())))
    return ref
