"""From the name a person gives to the partitions that have versions."""

from collections.abc import Iterable

from sg_assets.errors import NotPublishedError, nearest
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def refs_with_versions(store: Store) -> list[Ref]:
    """Every partition that has a version, published or in quarantine."""
    return sorted({*store.refs(), *(manifest.ref for manifest in quarantined_versions(store))}, key=str)


def named_partitions(store: Store, name: str) -> list[Ref]:
    """The partition named, or all partitions of the asset named.

    Raises:
        NotPublishedError: it has no version.
    """
    named, known = Ref.parse(name), refs_with_versions(store)
    refs = [ref for ref in known if ref == named or (named.partition is None and ref.asset == named.asset)]
    if not refs:
        raise no_version(named, {*map(str, known), *(ref.asset for ref in known)})
    return refs


def published_ref(store: Store, name: str) -> Ref:
    """The partition named, which has a published version.

    Raises:
        NotPublishedError: it has none.
    """
    ref = Ref.parse(name)
    if not store.heads.names_of(ref):
        raise no_version(ref, map(str, store.refs()))
    return ref


def no_version(ref: Ref, known: Iterable[str]) -> NotPublishedError:
    """The error for a partition without a version, which names the nearest that has one."""
    names = sorted(known)
    remedy = nearest(str(ref), names) if names else "Nothing has a version in this home yet: `sg-assets run` makes all"
    return NotPublishedError(f"{ref} has no version", remedy=remedy)
