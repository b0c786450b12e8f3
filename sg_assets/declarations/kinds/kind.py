"""What a kind of asset is: everything that is true of each asset of the kind, in one object."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sg_assets.declarations.columns import Columns, TableColumn
from sg_assets.declarations.kinds.restoring import RecordedStep, with_seed
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.expectations import Rules
from sg_assets.store.refs import Ref

Stage = Literal["data", "training", "evaluation", "report"]
ANY_TABLE: Final = "*"


@dataclass(frozen=True)
class ColumnInputs:
    """What the columns of a table follow from."""

    declared: Declarations
    table: str
    """The table's name without its schema: a benchmark's, where the kind has a table for each benchmark."""
    selected: Columns = ()
    """The columns of the SELECT behind the table: a benchmark's items, or an SQL file's rows."""


FilesOf = Callable[[Declarations, str], Iterator[str]]
ColumnsOf = Callable[[ColumnInputs], Columns]


def fixed_columns(*columns: TableColumn) -> ColumnsOf:
    """Columns that nothing declared decides."""
    return lambda _: columns


def sql_file(declared: Declarations, asset: str) -> Iterator[str]:
    """The SQL file that makes an asset, where one does."""
    if asset in declared.sql:
        yield declared.sql[asset].file


@dataclass(frozen=True)
class AssetKind:
    """One kind of asset."""

    pattern: str
    """The asset's name, ``schema/table``, or ``schema/*`` where the kind has a table for every benchmark, judge, method
    or SQL file."""
    stage: Stage = "data"
    """The part of the pipeline: what ``build_data``, the trainings, ``evaluate`` and ``report`` are made of."""
    trains: bool = False
    """Whether its work may train a language model. A chat model that comes from a hub is not trained: see
    `is_training`."""
    has_items: bool = False
    """Whether it holds estimates whose values are published item by item in a table of its own."""
    cause: str = "parameter"
    """The kind of cause that another declared value of it is, as `lineage.causes.Kind` has it."""
    rows_cause: str = "rows"
    """The kind of cause that another declared row or file of it is."""
    hub_cause: str | None = None
    """The kind of cause that another hub repository or revision is; None where it is as any declared value."""
    read_cause: str = "input"
    """The kind of cause it is that a step reads another asset of this kind than before."""
    parameters_from_workspace: bool = False
    """Whether its work takes its parameters from the workspace, so that a restored step has the recorded ones."""
    columns: ColumnsOf | None = None
    """The columns of its tables; None where it has none, or where an SQL file gives them as they are."""
    from_select: bool = False
    """Whether its columns follow from those of a SELECT: a benchmark's items, or an SQL file."""
    declared_in: FilesOf = sql_file
    """The files that declare an asset, besides the profile."""
    restored: Callable[[Declarations, RecordedStep], Declarations] = with_seed
    """The declarations with what a version's manifest records in the place of what is declared now."""
    implied_rules: Callable[[Declarations, str, Mapping[str, Columns]], Rules] | None = None
    """What is expected of its tables in any project, because of what a benchmark declares or what they are: by the
    table's (the benchmark's) name and the columns of all tables."""

    @property
    def schema(self) -> str:
        """The schema of its assets."""
        return self.pattern.partition("/")[0]

    def of(self, table: str) -> str:
        """Its asset for a benchmark, a judge or a method."""
        return self.pattern.replace(ANY_TABLE, table)

    def table_of(self, asset: str) -> str:
        """The benchmark, judge or method an asset is for."""
        prefix, _, suffix = self.pattern.partition(ANY_TABLE)
        return asset.removeprefix(prefix).removesuffix(suffix) if ANY_TABLE in self.pattern else Ref.parse(asset).table

    def is_training(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the work with these parameters is a training: trainings have a seed, models of a hub have none."""
        return self.trains and "seed" in parameters
