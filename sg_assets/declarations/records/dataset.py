"""Datasets of the Hugging Face Hub or of a folder: which files are meant, and how their columns are read."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.model_files import FilePattern, FileSource

ROW_ID: Final = "row_id"
"""The column of a dataset's table that names its rows: their position, from 1, over the files by name."""


class DatasetColumn(Record):
    """A column of a dataset's table."""

    column: str = Field(min_length=1, max_length=200)
    """The column in the files."""
    type: Literal["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR[]"] = "VARCHAR"
    """What its values are read as; a value that is none of these is an error."""
    values: dict[str, str] = Field(default={})
    """Other words for some values, such as ``{"0": neutral, "1": hate}``; other values stay."""
    description: str = ""
    """What it holds."""


def _short_form(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


NamedColumn = Annotated[DatasetColumn, BeforeValidator(_short_form, json_schema_input_type=str | DatasetColumn)]
"""A column, which a file may give by the name it has there alone."""


class Dataset(FileSource):
    """Files of texts that other people publish, copied into the store once."""

    name: SafeName
    description: str
    config: str | None = Field(default=None, pattern=r"^\w[\w.+-]*$")
    """The configuration (subset); the default one where absent."""
    split: str | None = Field(default=None, pattern=r"^\w[\w.]*$")
    """The split; all of them where absent."""
    files: tuple[FilePattern, ...] = ()
    """The data files by name or pattern, in place of config and split."""
    columns: dict[SafeName, NamedColumn] = Field(min_length=1)
    """The columns of its table, each with the column it is read from."""

    @model_validator(mode="after")
    def _files_or_split(self) -> "Dataset":
        if self.files and (self.config or self.split):
            raise ValueError("files say which files are meant: config and split do not apply")
        if ROW_ID in self.columns:
            raise ValueError(f"columns: '{ROW_ID}' is the position of a row; choose another name")
        return self


class DatasetSources(Record):
    """Datasets that the comments and TOXIGEN's prompts come from, in place of folders or generated texts."""

    comments: SafeName | None = None
    """The dataset of raw comments, with a column ``text``; ``source``, ``given_split`` and ``author`` as well."""
    toxigen: SafeName | None = None
    """The dataset of TOXIGEN's prompts, with columns ``prompt``, ``group`` and ``label`` (``hate`` or ``neutral``)."""
