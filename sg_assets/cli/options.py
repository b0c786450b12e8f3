"""Arguments and options that several commands take, and what they mean."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.store.store import Store


class Format(StrEnum):
    """How a document is written."""

    text = "text"
    """For the terminal."""
    md = "md"
    """Markdown."""
    html = "html"
    """A page of its own: nothing is fetched, no script."""
    json = "json"
    """Every value, for programs."""


class TextOrJson(StrEnum):
    """The format of a list."""

    text = "text"
    """For the terminal."""
    json = "json"
    """Every value, for programs."""


FormatOption = Annotated[Format, typer.Option("--format", help="The format of the output.")]
OutOption = Annotated[Path | None, typer.Option(help="A file to write to, instead of the terminal.")]
ListFormat = Annotated[TextOrJson, typer.Option("--format", help="The format of the output.")]
AssetName = Annotated[str, typer.Argument(help="schema/table, or schema/table[partition].")]
VersionId = Annotated[str, typer.Argument(help="The id of a version; `sg-assets versions` lists them.")]
Reason = Annotated[str | None, typer.Option("--why", "--note", help="The reason, for whoever reads the history later.")]
TrustStoredCode = Annotated[
    bool, typer.Option("--trust-stored-code", help="Run stored code even if no commit of this checkout has it.")
]


def open_store() -> "Store":
    """The store of the profile that the environment names."""
    from sg_assets.store.store import Store

    settings = read_settings()
    return Store(settings.store_root, settings.profile, settings.home)
