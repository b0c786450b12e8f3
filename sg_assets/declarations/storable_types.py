"""The types that a column of a SELECT is stored as: a table read back has the types it was declared with.

Parquet has no type for some of DuckDB's, or holds less of a value, and reads them back as another. Where another type
holds the same value, the column is cast, which is noted on each version; the cast fails at a value it cannot hold.
Where none does, the author chooses.
"""

from collections.abc import Mapping
from typing import Final

from duckdb.sqltypes import DuckDBPyType

from sg_assets.store.fingerprints import quote

_STORED: Final = frozenset(
    {
        "bigint", "blob", "boolean", "date", "decimal", "double", "float", "integer", "smallint", "time", "time_ns",
        "timestamp", "timestamp with time zone", "timestamp_ns", "timestamptz_ns", "tinyint", "ubigint", "uinteger",
        "usmallint", "utinyint", "uuid", "varchar",
    }
)  # fmt: skip
_NESTED: Final = ("array", "list", "map", "struct")
_CASTS: Final[Mapping[str, str]] = {
    "bignum": "VARCHAR",
    "bit": "VARCHAR",
    "enum": "VARCHAR",
    "hugeint": "BIGINT",
    "timestamp_ms": "TIMESTAMP",
    "timestamp_s": "TIMESTAMP",
    "uhugeint": "UBIGINT",
}
"""Another type that holds the same values, if not all of them."""
_FRAME_CASTS: Final[Mapping[str, str]] = {"time": "TIME_NS", "uuid": "VARCHAR"}
"""Further ones, where rows pass through a frame before they are stored."""
_TO_WRITE: Final[Mapping[str, str]] = {
    "interval": "{name}::VARCHAR, or its seconds: epoch({name})",
    "time with time zone": "{name}::TIME",
    "tuple": "a struct with names instead: {{'first': ..., 'second': ...}}",
    "variant": "{name}::JSON",
}
"""What the author may write, where no cast keeps every value."""


def storable(type_: DuckDBPyType, *, through_frame: bool) -> str | None:
    """The type that a column is stored as, the type itself where that is read back as it is; None where none is.

    Args:
        type_: The type that a SELECT gives.
        through_frame: Whether the rows pass through a frame before they are stored.
    """
    if type_.id not in _NESTED:
        return _storable_scalar(type_, through_frame=through_frame)
    parts = {name: storable(part, through_frame=through_frame) for name, part in _children(type_).items()}
    if None in parts.values():
        return None
    if type_.id == "map":
        return f"MAP({parts['key']}, {parts['value']})"
    if type_.id == "struct":
        return f"STRUCT({', '.join(f'{quote(name)} {part}' for name, part in parts.items())})"
    return f"{parts['child']}[]"


def _storable_scalar(type_: DuckDBPyType, *, through_frame: bool) -> str | None:
    if through_frame and type_.id in _FRAME_CASTS:
        return _FRAME_CASTS[type_.id]
    if through_frame and str(type_) == "JSON":
        return "VARCHAR"
    return _CASTS.get(type_.id, str(type_) if type_.id in _STORED else None)


def cast_to_write(name: str, type_: DuckDBPyType) -> str:
    """The SQL that the author may write for a column whose type cannot be stored."""
    kind = _unstorable_kind(type_) or type_.id
    return _TO_WRITE.get(kind, "{name}::VARCHAR").format(name=name)


def _unstorable_kind(type_: DuckDBPyType) -> str | None:
    """The type inside of a type that keeps it from being stored."""
    if type_.id in _NESTED:
        kinds = (_unstorable_kind(part) for part in _children(type_).values())
        return next((kind for kind in kinds if kind is not None), None)
    return None if type_.id in _STORED | _CASTS.keys() else type_.id


def _children(type_: DuckDBPyType) -> dict[str, DuckDBPyType]:
    return {name: part for name, part in type_.children if isinstance(part, DuckDBPyType)}
