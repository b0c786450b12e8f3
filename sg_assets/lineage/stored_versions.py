"""Reading versions of the past, of which anything may be gone or damaged.

What cannot be read ends in a `SgAssetsError` in words for the reader of a comparison; callers report it and go on.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from sg_assets.errors import ContentMissingError, DamagedStoreError, SgAssetsError, UnknownVersionError
from sg_assets.reports.score_items import items_pin
from sg_assets.store.content_loss import NOT_KNOWN, reason
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.quarantine import quarantined_version
from sg_assets.store.store import Store


def equal_contents(before: Manifest, after: Manifest) -> bool:
    """Whether two versions have the same content; of scores whose values are equal by chance, item by item."""
    if before.fingerprint != after.fingerprint:
        return False
    items = [items_pin(version) for version in (before, after)]
    return None in items or len({pin.fingerprint for pin in items if pin is not None}) == 1


def recorded_version(store: Store, pin: PinnedInput) -> Manifest:
    """A version's record, published or in quarantine.

    Raises:
        UnknownVersionError: its record is gone.
        DamagedStoreError: it cannot be read.
    """
    try:
        return store.manifest(pin.ref, pin.version)
    except UnknownVersionError as error:
        quarantined = quarantined_version(store, pin.version)
        if quarantined is None or quarantined.ref != pin.ref:
            raise UnknownVersionError(
                f"the record of {pin.ref} {pin.version} is gone: what it was made from is not known"
            ) from error
        return quarantined
    except OSError as error:
        raise DamagedStoreError(f"the record of {pin.ref} {pin.version} cannot be read ({reason(error)})") from error


def stored_rows(
    store: Store,
    version: Manifest,
    columns: Sequence[str] | None = None,
    types: Mapping[str, pl.DataType] | None = None,
) -> pl.DataFrame:
    """The rows of a version of a table.

    Args:
        store: Holds it.
        version: The version.
        columns: Only these columns.
        types: Only the columns named here, as these types.

    Raises:
        ContentMissingError: the content is gone, damaged, or has no such column or type.
    """
    columns = columns if types is None else list(types)
    try:
        path = store.path(version)
    except (OSError, SgAssetsError) as error:
        loss = "gone" if isinstance(error, ContentMissingError) else "damaged"
        raise ContentMissingError(
            f"the content of {version.version} is {loss}: {NOT_KNOWN}", where=str(version.ref)
        ) from error
    known = {column.name for column in version.columns}
    if missing := [name for name in columns or () if name not in known]:
        raise ContentMissingError(
            f"the content of {version.version} has no column {', '.join(missing)}: {NOT_KNOWN}", where=str(version.ref)
        )
    try:
        rows = pl.read_parquet(path, columns=None if columns is None else list(columns))
        return rows if types is None else rows.select(pl.col(name).cast(dtype) for name, dtype in types.items())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ContentMissingError(
            f"the content of {version.version} cannot be read ({reason(error)}): {NOT_KNOWN}", where=str(version.ref)
        ) from error
