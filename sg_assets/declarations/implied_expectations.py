"""What is expected of tables because of what they are, or of what their benchmarks declare, without being written."""

from collections.abc import Mapping
from dataclasses import replace

from sg_assets.declarations.columns import Columns
from sg_assets.declarations.kinds.kind import ANY_TABLE
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.expectations import Rules, rules_of


def with_implied(declared: Declarations, tables: Mapping[str, Columns]) -> Declarations:
    """The declarations with what is expected of tables in any project, before what files expect of them.

    A rule of the same name in a file takes its place.

    Args:
        declared: Everything declared.
        tables: The columns of those tables whose declaration is right.
    """
    implied = {asset: _implied(declared, asset, tables) for asset in tables}
    merged = {asset: _merged(declared, asset, rules) for asset, rules in implied.items() if rules}
    return replace(declared, expectations={**declared.expectations, **merged})


def _implied(declared: Declarations, asset: str, tables: Mapping[str, Columns]) -> Rules:
    kind = kind_of(asset)
    name = kind.table_of(asset)
    if kind.implied_rules is None or (ANY_TABLE in kind.pattern and name not in declared.benchmarks):
        return ()
    return kind.implied_rules(declared, name, tables)


def _merged(declared: Declarations, asset: str, implied: Rules) -> Rules:
    taken = {rule.id for rule in rules_of(declared.expectations, asset)}
    return (*(rule for rule in implied if rule.id not in taken), *declared.expectations.get(asset, ()))
