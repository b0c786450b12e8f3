"""Arguments and options that several commands take, and what they mean."""

import os
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from sg_assets.errors import SgAssetsError
from sg_assets.processes.environment_paths import quoted
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.orchestration.project import Project
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


_SCHEMES = ("http", "https")


def require_plain(arguments: Sequence[str]) -> None:
    """Raise where an argument has control characters: parts of it would be shown, and obeyed by the terminal.

    Raises:
        SgAssetsError: names the argument by its number.
    """
    for number, argument in enumerate(arguments, start=1):
        if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in argument):
            raise SgAssetsError(
                f"argument {number} has control characters: {quoted(argument)}", where="sg-assets",
                remedy="Leave them out",
            )  # fmt: skip


def checked_address(address: str | None) -> str | None:
    """The address of a server, as it was given.

    Raises:
        SgAssetsError: it is none.
    """
    try:
        parts = None if address is None else urlsplit(address)
        usable = parts is None or (parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        raise SgAssetsError(
            f"{quoted(address or '')} is not an address", where="--server", remedy="Give it like http://127.0.0.1:3000"
        )
    return address


def checked_file(out: Path | None) -> Path | None:
    """A file to write to, as it was given; looked at before the work begins whose result it is for.

    Raises:
        SgAssetsError: it cannot be written.
    """
    if out is None:
        return None
    try:
        if out.is_dir():
            raise SgAssetsError(f"{quoted(str(out))} is a folder", where="--out", remedy="Name a file in it")
        if not out.parent.is_dir():
            raise SgAssetsError(f"there is no folder {quoted(str(out.parent))}", where="--out", remedy="Make it first")
        if not os.access(out if out.exists() else out.parent, os.W_OK):
            remedy = "Check the permissions of its folder"
            raise SgAssetsError(f"{quoted(str(out))} cannot be written", where="--out", remedy=remedy)
    except OSError as error:
        raise SgAssetsError(
            f"{quoted(str(out))} cannot be written", where="--out", why=error.strerror, remedy="Name another file"
        ) from error
    return out


FormatOption = Annotated[Format, typer.Option("--format", help="The format of the output.")]
OutOption = Annotated[
    Path | None, typer.Option(help="A file to write to, instead of the terminal.", callback=checked_file)
]
ListFormat = Annotated[TextOrJson, typer.Option("--format", help="The format of the output.")]
AssetName = Annotated[str, typer.Argument(help="schema/table, or schema/table[partition].")]
VersionId = Annotated[str, typer.Argument(help="The id of a version; `sg-assets versions` lists them.")]
Reason = Annotated[str | None, typer.Option("--why", "--note", help="The reason, for whoever reads the history later.")]
TrustStoredCode = Annotated[
    bool, typer.Option("--trust-stored-code", help="Run stored code even if no commit of this checkout has it.")
]


def open_store(*, with_identity: bool = True) -> "Store":
    """The store of the profile that the environment names.

    Its catalogue is written anew where it is missing, damaged or behind. A command that looks at such damage itself
    opens the store without its identity, and nothing is written.
    """
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home, with_identity=with_identity)
    if with_identity:
        refresh_catalogue(store)
    return store


def refresh_catalogue(store: "Store") -> None:
    """Write the catalogue of a store anew where it is missing, damaged or behind; imports DuckDB only then."""
    from sg_assets.store.catalogue_label import catalogue_problem

    if catalogue_problem(store) is not None:
        from sg_assets.store.catalogue import refresh

        refresh(store)


def open_project() -> "Project":
    """The project that the environment names, with an up-to-date catalogue."""
    from sg_assets.orchestration.project import load_project

    project = load_project()
    refresh_catalogue(project.store)
    return project
