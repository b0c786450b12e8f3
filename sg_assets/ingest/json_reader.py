"""Reads dumps of one JSON object a line: whole blocks at once, and single lines again where that may have gone wrong.

polars' parser takes a value that is no text for one, keeps the first of two equal keys, and gives a NUL for half a
surrogate pair. Lines where that may have happened are read again by ``json_object``, which is exact.
"""

from collections.abc import Iterator

import polars as pl

from sg_assets.ingest.columns import FIELDS, KEPT, ColumnNames, chosen
from sg_assets.ingest.files import BOM, DataFile, blocks, is_utf8
from sg_assets.ingest.json_keys import JsonKeys
from sg_assets.ingest.json_object import JsonLineError, read_object

_SLICE = 256  # lines that are parsed again together when a block holds one that the parser refuses
# A value that the parser may have made a text of: a number, true or false, or JSON of a list or an object.
_NO_TEXT = (
    r'^\s*(?:\[\s*(?:[\]"\[{0-9-]|true|false|null)|\{\s*[}"]'
    r"|(?:[-+]?[0-9][0-9.eE+-]*|true|false|-?inf|NaN|nan)\s*$)"
)


def read_json(file: DataFile, columns: ColumnNames) -> Iterator[tuple[pl.DataFrame, int]]:
    """Frames of the fields, and the number of rows before each; blank lines are no rows.

    Raises:
        SgAssetsError: no row has a key for the text, or a line is malformed; names file and row.
    """
    keys = JsonKeys(columns)
    rows, with_text, others = 0, False, dict[str, None]()
    for number, data in enumerate(blocks(file)):
        block = data.removeprefix(BOM) if number == 0 else data
        lines = _lines(file, block, rows)
        fields, doubtful, named = _fields(block, lines, columns, keys)
        objects = [
            _object(file, line, columns, rows + index + 1)
            for index, line in zip(doubtful.to_list(), lines.gather(doubtful).to_list(), strict=True)
        ]
        yield _replaced(fields, doubtful, objects), rows
        with_text |= named or any(fields["text"] is not None for fields in objects)
        if not with_text and not others:
            others = _top_keys(lines.head(100))
        rows += lines.len()
    if not with_text:
        raise columns.without_text(others, str(file.path))


def _lines(file: DataFile, block: bytes, rows: int) -> pl.Series:
    """The lines of a block that are not blank."""
    try:
        text = pl.Series([block], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        lines = [line for line in block.split(b"\n") if line.strip(b" \t\r")]
        bad = next(number for number, line in enumerate(lines, 1) if not is_utf8(line))
        raise file.not_utf8(rows + bad) from None
    split = text.str.split("\n").explode()
    return split.filter(split.str.contains(r"[^ \t\r]"))


def _fields(
    block: bytes, lines: pl.Series, columns: ColumnNames, keys: JsonKeys
) -> tuple[pl.DataFrame, pl.Series, bool]:
    """The fields of the lines, the indices of those to read again, and whether there is any key for the text."""
    spelled, slow = keys.spelled(lines)
    own = columns.spelled(spelled)
    frame, refused = _parsed(block, lines, [name for field in FIELDS for name in own[field]])
    fields = chosen(frame, own)
    for field in KEPT:
        values = fields[field]
        slow |= (values.str.contains(_NO_TEXT) | values.str.contains("\0", literal=True)).fill_null(value=False)
    return fields, (slow | refused).arg_true(), bool(own["text"])


def _parsed(block: bytes, lines: pl.Series, names: list[str]) -> tuple[pl.DataFrame, pl.Series]:
    """The values of these keys as the fast parser reads them, and which lines it cannot read."""
    schema = dict.fromkeys(names or ["text"], pl.String)
    blank = block.count(b"\n") + (not block.endswith(b"\n")) - lines.len()
    whole = _parse(_joined(lines) if blank else block, lines.len(), schema)
    if whole is not None:
        return whole, pl.repeat(value=False, n=lines.len(), dtype=pl.Boolean, eager=True)
    frames, refused = [], []
    for start in range(0, lines.len(), _SLICE):
        part = lines.slice(start, _SLICE)
        frame = _parse(_joined(part), part.len(), schema)
        refused.append(pl.repeat(value=frame is None, n=part.len(), dtype=pl.Boolean, eager=True))
        frames.append(pl.DataFrame(schema=schema).clear(part.len()) if frame is None else frame)
    return pl.concat(frames), pl.concat(refused)


def _parse(block: bytes, rows: int, schema: dict[str, type[pl.String]]) -> pl.DataFrame | None:
    if not rows:
        return pl.DataFrame(schema=schema)
    try:
        frame = pl.read_ndjson(block, schema=schema)
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == rows else None


def _joined(lines: pl.Series) -> bytes:
    return str(lines.str.join("\n")[0]).encode()


def _replaced(fields: pl.DataFrame, at: pl.Series, objects: list[dict[str, str | None]]) -> pl.DataFrame:
    if not objects:
        return fields
    exact = pl.DataFrame(objects, schema=dict.fromkeys(FIELDS, pl.String))
    return pl.DataFrame([fields[field].clone().scatter(at, exact[field]) for field in FIELDS])


def _object(file: DataFile, line: str, columns: ColumnNames, row: int) -> dict[str, str | None]:
    try:
        return read_object(line, columns)
    except JsonLineError as error:
        raise file.malformed(row, error.fault, error.remedy) from None


def _top_keys(lines: pl.Series) -> dict[str, None]:
    """Keys of some lines, to say what a file without texts has instead."""
    try:
        return dict.fromkeys(pl.read_ndjson(_joined(lines), infer_schema_length=None).columns)
    except pl.exceptions.PolarsError:
        return {}
