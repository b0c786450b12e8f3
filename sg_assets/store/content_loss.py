"""Why the inside of an earlier version cannot be compared with another's."""

from typing import Final

from sg_assets.errors import ContentMissingError, SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store

NOT_KNOWN: Final = "what changed inside is not known"


def content_loss(store: Store, version: Manifest, *, as_known: bool = False) -> str:
    """Why a content cannot be read, in words; empty where it can.

    Args:
        store: Holds it.
        version: The version.
        as_known: Whether the identity of the files and what is remembered of them is enough: no content is read.
    """
    try:
        if as_known:
            loss = "" if store.has_content(version) else store.checks.loss(version)
        else:
            store.path(version)
            loss = ""
    except ContentMissingError:
        loss = "gone"
    except (OSError, SgAssetsError):
        loss = "damaged"
    return f"the content of {version.version} is {loss}: {NOT_KNOWN}" if loss else ""


def reason(error: Exception) -> str:
    """An error in a few words that quote no data."""
    if isinstance(error, SgAssetsError):
        return error.what
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
