"""The tables that a SELECT reads: every name is followed to a common table in whose scope it stands, or is an asset.

What is neither is refused: a file, a table function, a view of DuckDB about itself. DuckDB is held to the same by its
own configuration when it binds and runs the SELECT (`store.engine.confine`), so a fault here reads no file.
"""

from collections.abc import Collection, Mapping
from typing import Final

from sqlglot import exp

from sg_assets.declarations.names import RESERVED_SCHEMAS, is_safe_name
from sg_assets.declarations.parsing import offset_of
from sg_assets.declarations.sql_text import SqlText, shown
from sg_assets.errors import SgAssetsError, nearest

_PURE_FUNCTIONS: Final = ("generate_series", "range", "unnest")
"""Table functions whose rows come from their arguments alone; all others may read what no lineage would show."""
_MOST_READ: Final = 2000
"""Tables read, counting those of a common table at each of its uses: common tables that use each other twice double
the work of whoever follows columns at each step."""


def tables_in(tree: exp.Expr, source: SqlText, local: Collection[str] = ()) -> tuple[str, ...]:
    """Assets read, as ``schema/table``, sorted.

    Args:
        tree: Of a SELECT.
        source: Its text.
        local: Names without a schema that it may read besides assets.

    Raises:
        SgAssetsError: it reads something else; names it and its line.
    """
    names = _Names(source)
    names.walk(tree, dict.fromkeys(local, 1))
    return tuple(sorted(names.assets))


class _Names:
    def __init__(self, source: SqlText) -> None:
        self.source = source
        self.assets: set[str] = set()

    def walk(self, root: exp.Expr, known: Mapping[str, int]) -> int:
        """The number of tables read below a node.

        Args:
            root: The node.
            known: The common tables in whose scope it stands, by name, with the number of tables that each reads.
        """
        reads = 0
        waiting = [(root, known)]
        while waiting:
            node, visible = waiting.pop()
            common = node.args.get("with_")
            if isinstance(common, exp.With):
                visible = self._with(common, visible)
            if isinstance(node, exp.Table):
                reads += self._table(node, visible)
            elif isinstance(node, exp.Lateral | exp.TableFromRows) and not isinstance(node.this, exp.Subquery):
                self._function(node.this)
            if reads > _MOST_READ:
                raise SgAssetsError(
                    "the SQL is too large: common tables use each other again and again",
                    where=self.source.where,
                    why=f"at most {_MOST_READ:,} tables are read",
                    remedy="Split the SELECT into several assets",
                )
            waiting += [(child, visible) for child in node.iter_expressions() if child is not common]
        return reads

    def _with(self, common: exp.With, known: Mapping[str, int]) -> Mapping[str, int]:
        """What stands in scope behind common tables: each sees those before it, and itself only if it is recursive."""
        visible = dict(known)
        for table in common.expressions:
            name = table.alias.lower()
            own = {**visible, name: 1} if common.recursive else visible
            visible[name] = max(1, self.walk(table.this, own))
        return visible

    def _table(self, table: exp.Table, known: Mapping[str, int]) -> int:
        if not isinstance(table.this, exp.Identifier):
            self._function(table.this)
            return 1
        if not table.db and not table.catalog and table.name.lower() in known:
            return known[table.name.lower()]
        schema = table.db.lower()
        is_reserved = table.catalog or schema in RESERVED_SCHEMAS
        if not is_reserved and is_safe_name(table.db) and is_safe_name(table.name):
            self.assets.add(f"{table.db}/{table.name}")
            return 1
        why = None if schema else "it is no common table in whose scope it stands"
        if is_reserved:
            why = f"'{schema}' is a name of DuckDB's own" if schema in RESERVED_SCHEMAS else "it names a database"
        written, where = shown(table.sql("duckdb")), self.source.at(offset_of(table))
        raise SgAssetsError(f"'{written}' is not an asset", where=where, why=why, remedy="Name assets as schema.table")

    def _function(self, function: exp.Expr) -> None:
        name = function.name if isinstance(function, exp.Anonymous) else getattr(function, "sql_name", str)()
        if name.lower() not in _PURE_FUNCTIONS:
            raise SgAssetsError(
                f"reads '{shown(function.sql('duckdb'))}'",
                where=self.source.at(offset_of(function)),
                why="only assets may be read, and the rows of " + ", ".join(_PURE_FUNCTIONS),
                remedy=nearest(name.lower(), _PURE_FUNCTIONS) if name else None,
            )
