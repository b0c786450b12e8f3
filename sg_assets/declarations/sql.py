"""SQL assets: one SELECT a file, ``sql/<schema>/<table>.sql``; its inputs are found by parsing it."""

import itertools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.names import RESERVED_SCHEMAS, is_safe_name
from sg_assets.declarations.sql_text import SqlText, read_sql_text, require_plain, shown
from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from sqlglot import exp

_HEADER_LINE = re.compile(r"--\s*(?P<key>[a-z_]+)(?: +(?P<name>[a-z][a-z0-9_]*))?:\s*(?P<value>.+?)\s*")
_TAKEN_CHECKS = ("columns", "key")
_GOES_ON = "--   "
_HEADER_KEYS = ("description", "key", "partitions", "reproducible", "column", "check", "warn")
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
    varying: tuple[str, ...] = ()
    """What makes its rows differ from run to run; only of a SELECT that is declared to be not reproducible."""
    casts: tuple[str, ...] = ()
    """Columns that are stored as another type than was written, with both types."""

    @property
    def notes(self) -> dict[str, list[str]]:
        """What every version made by it must say of itself; mostly nothing."""
        notes = {"not_reproducible": list(self.varying), "stored_as_other_types": list(self.casts)}
        return {name: values for name, values in notes.items() if values}

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
    line: int = 1
    """The line of the file that declares it."""


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

    def where(self, check: SqlCheck) -> str:
        """A check of the header, as errors name it."""
        return f"{self.file}, line {check.line}, check {check.name}"


def parse_query(text: str, *, where: str, local: Collection[str] = (), may_vary: bool = False) -> Query:
    """Parse one DuckDB SELECT and find the assets and parameters it names.

    Args:
        text: The SELECT.
        where: What errors name; they name its lines, too, where this is an SQL file.
        local: Names without a schema that it may read besides assets.
        may_vary: Whether its rows may differ from run to run.

    Raises:
        SgAssetsError: it does not parse, is no single SELECT, reads something that is no ``schema.table``, or gives
            other rows at another run.
    """
    return _parsed_query(text, where, frozenset(local), may_vary)


@lru_cache(maxsize=512)
def _parsed_query(text: str, where: str, local: frozenset[str], may_vary: bool) -> Query:
    """``parse_query``. Declarations are read many times in a process that replays versions, and parsing is slow."""
    # Imported here: a cached load does not need the parser.
    from sg_assets.declarations.parsing import canonical_text, parameters_in, parse
    from sg_assets.declarations.sql_names import tables_in
    from sg_assets.declarations.sql_reproducibility import require_reproducible, variations, varying_texts
    from sg_assets.declarations.sql_tokens import tokens_of

    source = SqlText(text, where)
    tokens = tokens_of(source)
    tree = parse(tokens)
    tables = tables_in(tree, source, local)
    varying = variations(tokens, of_condition=bool(local))
    require_reproducible(varying, declared=may_vary)
    query = Query(
        text=tokens.select,
        tables=tables,
        parameters=parameters_in(tree),
        canonical=canonical_text(tree, where),
        varying=varying_texts(varying) if may_vary else (),
    )
    vars(query)["tree"] = tree  # the property's value: nothing is parsed twice
    return query


def read_sql_asset(path: Path, root: Path) -> SqlAsset:
    """Read ``sql/<schema>/<table>.sql``.

    Raises:
        SgAssetsError: header or SELECT is wrong.
    """
    where = path.relative_to(root).as_posix()
    schema, table = path.parent.name, path.stem
    _require_names(schema, table, where)
    text = read_sql_text(path, where)
    require_plain(SqlText(text, where))
    header = _header(text, where)
    for required in ("description", "key"):
        if (required, None) not in header:
            raise SgAssetsError(
                f"the header lacks '{required}'", where=where, remedy=f"Add `-- {required}: ...` on top"
            )
    partitions = _chosen(header, "partitions", PARTITIONS, where)
    may_vary = _chosen(header, "reproducible", ("true", "false"), where) == "false"
    query = parse_query(text, where=where, may_vary=may_vary)
    return SqlAsset(
        asset=f"{schema}/{table}",
        description=header["description", None].value,
        key=tuple(column.strip() for column in header["key", None].value.split(",")),
        partitions=partitions,
        query=query,
        path=path,
        columns={str(name): entry.value for (key, name), entry in header.items() if key == "column"},
        checks=_checks(header, query, where),
    )


def _require_names(schema: str, table: str, where: str) -> None:
    for name in (schema, table):
        if not is_safe_name(name):
            raise SgAssetsError(f"'{name}' is not a safe name", where=where, why="folder and file name the table")
    if schema in RESERVED_SCHEMAS:
        raise SgAssetsError(
            f"'{schema}' cannot be a schema",
            where=where,
            why="it is a name of DuckDB's own",
            remedy="Rename the folder",
        )


@dataclass(frozen=True)
class _Entry:
    """A line of the header."""

    value: str
    line: int
    """Its number in the file."""


_Header = Mapping[tuple[str, str | None], _Entry]
"""Entries by key, and by name where the key has one (``-- column prompt: ...``)."""


def _chosen(header: _Header, key: str, known: Collection[str], where: str) -> str | None:
    """The value of a key that has few values; None where the header lacks it."""
    entry = header.get((key, None))
    if entry is not None and entry.value not in known:
        where = f"{where}, line {entry.line}"
        raise SgAssetsError(f"unknown {key} '{shown(entry.value)}'", where=where, remedy=nearest(entry.value, known))
    return None if entry is None else entry.value


def _checks(header: _Header, query: Query, where: str) -> tuple[SqlCheck, ...]:
    declared = [(key, str(name), entry) for (key, name), entry in header.items() if key in ("check", "warn")]
    names = [name for _, name, _ in declared]
    for _, name, entry in declared:
        if names.count(name) > 1:
            where = f"{where}, line {entry.line}"
            raise SgAssetsError(f"'{name}' is both a check and a warning", where=where, remedy="Rename one of them")
    return tuple(_check(name, entry, query, blocking=key == "check", where=where) for key, name, entry in declared)


def _check(name: str, entry: _Entry, query: Query, *, blocking: bool, where: str) -> SqlCheck:
    where = f"{where}, line {entry.line}, {'check' if blocking else 'warn'} {name}"
    if name in _TAKEN_CHECKS:
        raise SgAssetsError(
            f"'{name}' is already a check of every table", where=where, remedy="Give this check another name"
        )
    parsed = parse_query(condition_select(entry.value), where=where, local=["this"])
    for asset in parsed.tables:
        if asset not in query.tables:
            raise SgAssetsError(
                f"reads '{asset}', which is not an input of the table",
                where=where,
                why="a check may read the table (this) and its inputs",
            )
    return SqlCheck(name, entry.value, parsed, blocking, entry.line)


def condition_select(condition: str) -> str:
    """A SELECT that evaluates a condition on the table ``this``, as it will be: a comment in it hides nothing."""
    return f"SELECT ({condition}\n) FROM this"


def _header(text: str, where: str) -> _Header:
    header: dict[tuple[str, str | None], _Entry] = {}
    for number, line in _header_lines(text):
        at = f"{where}, line {number}"
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            raise SgAssetsError(f"header line '{shown(line)}' is not `-- key: value`", where=at)
        key, name = match["key"], match["name"]
        if key not in _HEADER_KEYS:
            raise SgAssetsError(f"unknown header key '{shown(key)}'", where=at, remedy=nearest(key, _HEADER_KEYS))
        if (name is not None) != (key in _NAMED_KEYS):
            form = f"-- {key} <name>: ..." if key in _NAMED_KEYS else f"-- {key}: ..."
            raise SgAssetsError(f"header line '{shown(line)}' is not `{form}`", where=at)
        if (key, name) in header:
            raise SgAssetsError(f"the header says '{' '.join(filter(None, (key, name)))}' twice", where=at)
        header[key, name] = _Entry(match["value"], number)
    return header


def _header_lines(text: str) -> list[tuple[int, str]]:
    """The comment lines on top, one a key, with their numbers: a line indented under another goes on with it."""
    lines: list[tuple[int, list[str]]] = []
    comments = itertools.takewhile(lambda comment: comment.startswith("--"), text.split("\n"))
    for number, line in enumerate(comments, start=1):
        if line.startswith(_GOES_ON) and lines:
            lines[-1][1].append(line.removeprefix(_GOES_ON).strip())
        else:
            lines.append((number, [line]))
    return [(number, " ".join(parts)) for number, parts in lines]
