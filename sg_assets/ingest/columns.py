"""Which columns of a user's file hold which field, and which of them a row is read from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.csv_dialect import CsvDialect

FIELDS = ("text", "source", "split", "author")
KEPT = ("text", "source", "split")
"""The fields whose values decide what a row says; an author that cannot be read is none."""
_SHOWN = 30  # column names in an error


class ColumnNames(BaseModel):
    """Accepted column names per field. In each row, the first that has a value there is read, whatever its case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: tuple[str, ...] = Field(min_length=1)
    """The comment itself; a file must have a column of one of these names."""
    source: tuple[str, ...] = ()
    """Where the comment comes from; a row without a value gets its file's name."""
    split: tuple[str, ...] = ()
    """The side (train, dev or holdout) for data that come with their own split."""
    author: tuple[str, ...] = ()
    """The account that wrote the comment."""
    csv: CsvDialect = CsvDialect()
    """How CSV files are written."""
    join_text_parts: bool = False
    """Whether a text that is a list of texts, or of objects with a ``text``, is read as all of them joined."""

    @property
    def accepted(self) -> dict[str, list[str]]:
        """The accepted names by field, folded, in the order of preference."""
        by_field = {"text": self.text, "source": self.source, "split": self.split, "author": self.author}
        return {field: list(dict.fromkeys(map(folded, names))) for field, names in by_field.items()}

    def spelled(self, present: Sequence[str]) -> dict[str, list[str]]:
        """Of a file's own column names, those of each field as the file spells them, in the order of preference."""
        own: dict[str, list[str]] = {}
        for name in present:
            own.setdefault(folded(name), []).append(name)
        return {field: [name for key in keys for name in own.get(key, ())] for field, keys in self.accepted.items()}

    def of_header(self, present: Sequence[str], where: str) -> dict[str, list[str]]:
        """``spelled`` for a file whose columns are fixed.

        Raises:
            SgAssetsError: no column has an accepted name for the text, or two that would be read have the same name.
        """
        columns = self.spelled(present)
        if not columns["text"]:
            raise self.without_text(present, where)
        names = Counter(map(folded, present))
        twice = next((name for field in KEPT for name in map(folded, columns[field]) if names[name] > 1), None)
        if twice is not None:
            raise SgAssetsError(
                f"two columns have the name {twice}",
                where=where,
                why="which of them is meant cannot be known",
                remedy="Rename or remove one of them; nothing was written.",
            )
        return columns

    def without_text(self, present: Iterable[str], where: str) -> SgAssetsError:
        """The error for a file in which no row has an accepted name for the text."""
        names = list(present)
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        return SgAssetsError(
            "no column has an accepted name for the text",
            where=where,
            why=f"the file has {shown or 'no columns'}; accepted are {', '.join(self.text)}",
            remedy="Add its column's name to `raw.columns.text` in the profile.",
        )


def folded(name: str) -> str:
    """A column's name as names are compared."""
    return name.strip().lower()


def chosen(frame: pl.DataFrame, columns: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """The fields of every row, each from the first of its columns (all strings) that has a value there, or null."""
    values = {field: _first_with_value(columns[field]) for field in FIELDS}
    if not any(columns.values()):
        return pl.DataFrame({field: pl.Series([None] * frame.height, dtype=pl.String) for field in FIELDS})
    return frame.select(value.alias(field) for field, value in values.items())


def _first_with_value(names: Sequence[str]) -> pl.Expr:
    if len(names) < 2:
        return pl.col(names[0]) if names else pl.lit(None, pl.String)
    return pl.coalesce(pl.when(pl.col(name).str.contains(r"\S")).then(pl.col(name)) for name in names)
