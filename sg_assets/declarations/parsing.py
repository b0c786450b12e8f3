"""Parsing SELECTs, and the parameters in their trees."""

import re
from typing import Final

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError

from sg_assets.declarations.sql_text import SqlText, shown
from sg_assets.declarations.sql_tokens import SqlTokens, tokens_of
from sg_assets.errors import SgAssetsError

_NO_SELECTS: Final = (
    exp.Command, exp.Copy, exp.DDL, exp.DML, exp.Describe, exp.Into, exp.Pragma, exp.Set, exp.Show, exp.Summarize
)  # fmt: skip
_CLASS: Final = re.compile(r" for <class '[^']*'>")
_UNFIT: Final = "does not hold exactly one SELECT"


def parse(tokens: SqlTokens) -> exp.Query:
    """The tree of one DuckDB SELECT.

    Raises:
        SgAssetsError: it does not parse, or is more than a SELECT; names file and line.
    """
    source = tokens.source
    try:
        [tree] = DuckDB().parser().parse(list(tokens.of_select), source.text)
    except ParseError as error:
        raise SgAssetsError("the SQL does not parse", where=_line_of(error, source), why=_reason(error)) from error
    except (SqlglotError, ValueError) as error:
        raise SgAssetsError("the SQL does not parse", where=source.where, why=str(error).splitlines()[0]) from error
    except RecursionError:
        raise too_deep(source.where) from None
    if not isinstance(tree, exp.Query):
        raise SgAssetsError(_UNFIT, where=source.at(tokens.tokens[0].start), remedy="Keep one SELECT a file")
    for statement in tree.find_all(*_NO_SELECTS):
        if isinstance(statement, exp.Query):  # sqlglot counts SELECTs among them
            continue
        raise SgAssetsError(
            f"holds {type(statement).__name__.upper()}, which is more than a SELECT",
            where=source.at(offset_of(statement)),
            why="an SQL asset only reads",
            remedy="Remove it",
        )
    return tree


def tree_of(select: str) -> exp.Query:
    """The tree of a SELECT that was parsed before."""
    return parse(tokens_of(SqlText(select, "a SELECT that was parsed before")))


def too_deep(where: str) -> SgAssetsError:
    """The error of a SELECT whose tree cannot be walked."""
    return SgAssetsError(
        "the SQL is nested too deep",
        where=where,
        why="it chains or nests more operators than can be followed",
        remedy="Split it into common tables, or into several assets",
    )


def canonical_text(tree: exp.Query, where: str = "a SELECT that was parsed before") -> str:
    """A SELECT without comments, layout normalised.

    Raises:
        SgAssetsError: it is nested too deep.
    """
    try:
        return tree.sql(dialect="duckdb", comments=False, normalize=True)
    except RecursionError:
        raise too_deep(where) from None


def parameters_in(tree: exp.Query) -> tuple[str, ...]:
    """Names of ``$parameters``, sorted."""
    return tuple(sorted({node.name for node in tree.find_all(exp.Placeholder, exp.Parameter)}))


def offset_of(node: exp.Expr) -> int:
    """The first character of a part of a tree, as far as the tree knows it; 0 where it does not."""
    return min((int(part.meta["start"]) for part in node.walk() if "start" in part.meta), default=0)


def require_named_columns(tree: exp.Query, source: SqlText) -> None:
    """Check that every column of a SELECT has a name of its own: an engine's own names change with its releases.

    Raises:
        SgAssetsError: a column has none; names it and its line.
    """
    for column in tree.selects:
        if column.find(exp.Columns) or (isinstance(column, exp.Binary) and isinstance(column.this, exp.Star)):
            raise SgAssetsError(
                f"`{shown(column.sql('duckdb'))}` stands for columns that are not written",
                where=source.at(offset_of(column)),
                why="their names and sources would change with the inputs",
                remedy="List the columns by name, or write * EXCLUDE (...)",
            )
        if not isinstance(column, exp.Alias | exp.Column | exp.Dot | exp.Star):
            raise SgAssetsError(
                f"the column `{shown(column.sql('duckdb'))}` has no name",
                where=source.at(offset_of(column)),
                remedy="Write a name behind it: ... AS name",
            )


def _line_of(error: ParseError, source: SqlText) -> str:
    line = error.errors[0].get("line") if error.errors else None
    return f"{source.where}, line {line}" if line and source.where.endswith(".sql") else source.where


def _reason(error: ParseError) -> str:
    description = error.errors[0].get("description") if error.errors else None
    text = _CLASS.sub(" in an expression", str(description or error).splitlines()[0])
    near = shown(str(error.errors[0].get("highlight") or "")) if error.errors else ""
    return f"{text}, near '{near}'" if near else text
