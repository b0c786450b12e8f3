"""The identity of a store, ``store.json``: the profile whose versions it holds, and their format."""

import contextlib
import json
from typing import Any, Final

from sg_assets.errors import DamagedStoreError, IncompatibleStoreError, SgAssetsError
from sg_assets.store.backends.interface import Files
from sg_assets.store.format_upgrades import PREVIOUS_FORMAT
from sg_assets.store.manifests import FORMAT
from sg_assets.store.sealed_records import REPAIR, read_bytes

NAME: Final = "store.json"


def require_identity(files: Files, root: str, profile: str) -> None:
    """Make sure that a store is a profile's and of today's format; a store that is not there yet becomes so.

    Raises:
        SgAssetsError: it belongs to another profile, or has another format.
    """
    # Another process may create the store in the same moment; its record is checked like any other.
    with contextlib.suppress(FileExistsError):
        if not files.glob(NAME):
            if files.glob("manifests/*") or files.glob("heads/*"):
                raise DamagedStoreError("the store's identity is missing", where=f"{root}/{NAME}", remedy=REPAIR)
            files.write_new(NAME, identity_text(profile))
    written = read_format(files, root, profile)
    if written != FORMAT:
        raise IncompatibleStoreError(
            f"the store has format {written}, this code reads {FORMAT}", where=root, remedy=_remedy(written)
        )


def read_format(files: Files, root: str, profile: str) -> object:
    """The format of a profile's store.

    Raises:
        SgAssetsError: there is no store, its identity cannot be read, or it belongs to another profile.
    """
    where = f"{root}/{NAME}"
    try:
        identity: Any = json.loads(read_bytes(files, NAME, where))
    except FileNotFoundError as error:
        raise SgAssetsError("there is no store", where=root) from error
    except ValueError as error:
        raise DamagedStoreError("the store's identity cannot be read", where=where, remedy=REPAIR) from error
    if not isinstance(identity, dict) or identity.keys() != {"format", "profile"}:
        why = "it is no JSON object of format and profile"
        raise DamagedStoreError("the store's identity cannot be read", where=where, why=why, remedy=REPAIR)
    if files.read_copy(NAME) == identity_text(profile).encode() and identity != json.loads(identity_text(profile)):
        raise DamagedStoreError(
            "the store's identity is damaged", where=where, why="its copy says otherwise", remedy=REPAIR
        )
    if identity.get("profile") != profile:
        owner = identity.get("profile")
        remedy = f"Set SG_PROFILE={owner}, or another SG_HOME"
        raise IncompatibleStoreError(
            f"the store belongs to profile '{owner}', not '{profile}'", where=root, remedy=remedy
        )
    return identity.get("format")


def move_to_format(files: Files, profile: str) -> None:
    """Let a store say that it has today's format."""
    files.replace(NAME, identity_text(profile))


def identity_text(profile: str) -> str:
    """What the identity of a profile's store says, as it is written today."""
    return json.dumps({"format": FORMAT, "profile": profile})


def _remedy(written: object) -> str:
    if written == PREVIOUS_FORMAT:
        return "Run `sg-assets migrate`: it converts the store and keeps every version"
    if isinstance(written, int) and written > FORMAT:
        return "Use the newer sg_assets that wrote it, or set another SG_HOME"
    return "Move it away and materialize again, or set another SG_HOME"
