"""Reading manifests of earlier formats: none is rewritten, each is read as it would be written now."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from sg_assets.errors import DamagedStoreError, SgAssetsError
from sg_assets.store.manifests import FORMAT, Manifest
from sg_assets.store.sealed_records import REPAIR, invalid_fields

PREVIOUS_FORMAT: Final = 2
"""The oldest format that is read. It lacks fields that format 3 has defaults for."""


def upgraded(record: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest of any format that is read, as plain data of today's.

    Raises:
        SgAssetsError: its format is not read.
    """
    written = record.get("format")
    if written not in (PREVIOUS_FORMAT, FORMAT) or isinstance(written, bool):
        raise SgAssetsError(f"a manifest of format {written} is not read, only of {PREVIOUS_FORMAT} and {FORMAT}")
    return {**record, "format": FORMAT}


def read_manifest(data: bytes, where: str) -> Manifest:
    """A manifest from its record.

    Args:
        data: The record as it is stored.
        where: Where it lies, for errors.

    Raises:
        DamagedStoreError: it cannot be read.
    """
    try:
        plain = json.loads(data)
        if not isinstance(plain, dict):
            raise SgAssetsError("not a JSON object")
        return Manifest.model_validate(upgraded(plain))
    except ValidationError as error:
        raise _damaged(where, invalid_fields(error)) from error
    except (ValueError, RecursionError, SgAssetsError) as error:
        raise _damaged(where, str(error)) from error


def _damaged(where: str, why: str) -> DamagedStoreError:
    return DamagedStoreError("the manifest cannot be read", where=where, why=why, remedy=REPAIR)
