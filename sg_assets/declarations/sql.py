"""SQL assets: one SELECT a file, ``sql/<schema>/<table>.sql``; its inputs are found by parsing it."""

import itertools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.names import is_safe_name
from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from sqlglot import exp

_HEADER_LINE = re.compile(r"--\s*(?P<key>[a-z_]+)(?: +(?P<name>[a-z][a-z0-9_]*))?:\s*(?P<value>.+?)\s*")
_TAKEN_CHECKS = ("columns", "key")
_GOES_ON = "--   "
_HEADER_KEYS = ("description", "key", "partitions", "column", "check", "warn")
_NAMED_KEYS = ("column", "check", "warn")
"""Header keys that stand once for each thing they name: ``-- check rows_add_up: ...``."""
PARTITIONS = ("mix", "mix of sft", "mix of kto", "mix of dpo", "variant")
"""The partition spaces an SQL asset may name in its header."""


@dataclass(frozen=True)
class Query:
    """A parsed SELECT."""

    text: str
    """As written, less a closing semicolon; this is what runs, also inside of other statements."""
    tables: tuple[str, ...]
    """Assets read, as ``schema/table``, sorted."""
    parameters: tuple[str, ...]
    """Names of ``$parameters``, sorted."""
    canonical: str
    """Without comments, layout normalised: what a version's code fingerprint is taken from."""

    @cached_property
    def tree(self) -> "exp.Query":
        """As parsed; it is shared, so whoever changes it copies it first."""
        from sg_assets.declarations.parsing import tree_of

        return tree_of(self.text)


@dataclass(frozen=True)
class SqlCheck:
    """A condition on a table, checked before it is published."""

    name: str
    expression: str
    """A condition on the table, there called ``this``: on every row, or on aggregates; it may read the inputs too."""
    condition: Query
    """``SELECT (expression) FROM this``, parsed."""
    blocking: bool
    """Whether a table that fails it is kept from being published; without, the failure is a warning."""


@dataclass(frozen=True)
class SqlAsset:
    """A table made by one SELECT."""

    asset: str
    """``schema/table``, from the file's folder and name."""
    description: str
    key: tuple[str, ...]
    """Columns that together identify a row; checked at every publish."""
    partitions: str | None
    """One of `PARTITIONS`, or None."""
    query: Query
    path: Path
    columns: Mapping[str, str]
    """Descriptions of columns, where those of the columns they are taken from do not say it."""
    checks: tuple[SqlCheck, ...]

    @property
    def file(self) -> str:
        """The file, as errors name it."""
        return f"sql/{self.asset}.sql"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of ``$parameters`` of the SELECT and its checks, sorted."""
        queries = [self.query, *(check.condition for check in self.checks)]
        return tuple(sorted({name for query in queries for name in query.parameters}))


def parse_query(text: str, *, where: str, local: Collection[str] = ()) -> Query:
    """Parse one DuckDB SELECT and find the assets and parameters it names.

    Args:
        text: The SELECT.
        where: What errors name.
        local: Names without a schema that it may read besides assets.

    Raises:
        SgAssetsError: it does not parse, is no single SELECT, or reads something that is no ``schema.table``.
    """
    # Imported here: a cached load does not need the parser.
    from sg_assets.declarations.parsing import canonical_text, parameters_in, parse, tables_in

    tree = parse(text, where)
    select = text.rstrip().removesuffix(";")
    query = Query(select, tables_in(tree, where, local), parameters_in(tree), canonical_text(tree))
    vars(query)["tree"] = tree  # the property's value: nothing is parsed twice
    return query


def read_sql_asset(path: Path, root: Path) -> SqlAsset:
    """Read ``sql/<schema>/<table>.sql``.

    Raises:
        SgAssetsError: header or SELECT is wrong.
    """
    where = path.relative_to(root).as_posix()
    schema, table = path.parent.name, path.stem
    for name in (schema, table):
        if not is_safe_name(name):
            raise SgAssetsError(f"'{name}' is not a safe name", where=where, why="folder and file name the table")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SgAssetsError("is not UTF-8 text", where=where, why=str(error)) from error
    header = _header(text, where)
    for required in ("description", "key"):
        if (required, None) not in header:
            raise SgAssetsError(
                f"the header lacks '{required}'", where=where, remedy=f"Add `-- {required}: ...` on top"
            )
    partitions = header.get(("partitions", None))
    if partitions is not None and partitions not in PARTITIONS:
        raise SgAssetsError(f"unknown partitions '{partitions}'", where=where, remedy=nearest(partitions, PARTITIONS))
    query = parse_query(text, where=where)
    return SqlAsset(
        asset=f"{schema}/{table}",
        description=header["description", None],
        key=tuple(column.strip() for column in header["key", None].split(",")),
        partitions=partitions,
        query=query,
        path=path,
        columns={str(name): value for (key, name), value in header.items() if key == "column"},
        checks=_checks(header, query, where),
    )


def _checks(header: Mapping[tuple[str, str | None], str], query: Query, where: str) -> tuple[SqlCheck, ...]:
    declared = [(key, str(name), value) for (key, name), value in header.items() if key in ("check", "warn")]
    names = [name for _, name, _ in declared]
    for name in names:
        if names.count(name) > 1:
            raise SgAssetsError(f"'{name}' is both a check and a warning", where=where, remedy="Rename one of them")
    return tuple(_check(name, value, query, blocking=key == "check", where=where) for key, name, value in declared)


def _check(name: str, condition: str, query: Query, *, blocking: bool, where: str) -> SqlCheck:
    where = f"{where}, {'check' if blocking else 'warn'} {name}"
    if name in _TAKEN_CHECKS:
        raise SgAssetsError(
            f"'{name}' is already a check of every table", where=where, remedy="Give this check another name"
        )
    parsed = parse_query(f"SELECT ({condition}) FROM this", where=where, local=["this"])
    for asset in parsed.tables:
        if asset not in query.tables:
            raise SgAssetsError(
                f"reads '{asset}', which is not an input of the table",
                where=where,
                why="a check may read the table (this) and its inputs",
            )
    return SqlCheck(name, condition, parsed, blocking)


def _header(text: str, where: str) -> dict[tuple[str, str | None], str]:
    """Values by key, and by name where the key has one (``-- column prompt: ...``)."""
    header: dict[tuple[str, str | None], str] = {}
    for line in _header_lines(text):
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            raise SgAssetsError(f"header line '{line}' is not `-- key: value`", where=where)
        key, name = match["key"], match["name"]
        if key not in _HEADER_KEYS:
            raise SgAssetsError(f"unknown header key '{key}'", where=where, remedy=nearest(key, _HEADER_KEYS))
        if (name is not None) != (key in _NAMED_KEYS):
            form = f"-- {key} <name>: ..." if key in _NAMED_KEYS else f"-- {key}: ..."
            raise SgAssetsError(f"header line '{line}' is not `{form}`", where=where)
        if (key, name) in header:
            raise SgAssetsError(f"the header says '{' '.join(filter(None, (key, name)))}' twice", where=where)
        header[key, name] = match["value"]
    return header


def _header_lines(text: str) -> list[str]:
    """The comment lines on top, one a key: a line indented under another goes on with it."""
    lines: list[str] = []
    for line in itertools.takewhile(lambda comment: comment.startswith("--"), text.splitlines()):
        if line.startswith(_GOES_ON) and lines:
            lines[-1] += " " + line.removeprefix(_GOES_ON).strip()
        else:
            lines.append(line)
    return lines
