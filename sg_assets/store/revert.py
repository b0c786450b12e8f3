"""Going back to an earlier version: one more entry in the log, nothing removed."""

from sg_assets.errors import ContentMissingError, NotPublishedError, SgAssetsError
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import MadeBy, Manifest
from sg_assets.store.quarantine import quarantined_version
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def revert(
    store: Store, ref: Ref, version: str | None = None, note: str | None = None, by: MadeBy | None = None
) -> Manifest:
    """Make an earlier version current again, by default the one that was current before.

    It lasts until a step publishes: materializing an unchanged recipe makes its own version current again.

    Args:
        store: The store of the versions.
        ref: The partition.
        version: The version to make current; by default the one that was current before.
        note: Why.
        by: Who does it; by default the user of this process.

    Raises:
        SgAssetsError: there is no earlier version, it is none of this partition, or its content is gone.
    """
    if not store.heads.names_of(ref):
        raise NotPublishedError(f"{ref} has no version yet", remedy="Materialize it first")
    manifest = _chosen(store, ref, version or _before(store, ref))
    if not store.has_content(manifest):
        raise ContentMissingError(
            f"the content of {manifest.version} is {store.checks.loss(manifest)}",
            where=str(ref),
            remedy=f"Choose another of `sg-assets versions '{ref}'`",
        )
    store.set_head(manifest, "revert", note=note, by=by or this_maker())
    return manifest


def _before(store: Store, ref: Ref) -> str:
    version = store.heads.before_current(ref)
    if version is None:
        raise SgAssetsError("no earlier version exists to go back to", where=str(ref))
    return version


def _chosen(store: Store, ref: Ref, version: str) -> Manifest:
    if quarantined_version(store, version) is not None:
        raise SgAssetsError(
            f"{version} is in quarantine", where=str(ref), remedy=f"Release it with `sg-assets publish {version}`"
        )
    manifest = store.find(version)
    if manifest.ref != ref:
        raise SgAssetsError(
            f"{version} is a version of {manifest.ref}",
            where=str(ref),
            remedy=f"List the versions of {ref} with `sg-assets versions '{ref}'`",
        )
    return manifest
