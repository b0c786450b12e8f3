"""Where a command's document goes: the terminal or a file, in one of four formats."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import RenderableType

from sg_assets.cli.options import Format
from sg_assets.cli.terminal import SafeConsole, console, print_document

_FILE_WIDTH = 120
"""Characters of a line of the text format in a file."""


def write_document(
    format_: Format,
    out: Path | None,
    *,
    text: Callable[[], RenderableType],
    documents: Mapping[Format, Callable[[], str]],
) -> None:
    """Write a document to the terminal or to a file.

    Args:
        format_: The format.
        out: The file; None for the terminal.
        text: Gives the document for the terminal.
        documents: Give it in the other formats.
    """
    if format_ is not Format.text:
        document = documents[format_]()
        print_document(document) if out is None else out.write_text(document, encoding="utf-8")
    elif out is None:
        console.print(text(), highlight=False)
    else:
        with out.open("w", encoding="utf-8") as file:
            SafeConsole(file=file, width=_FILE_WIDTH, markup=False, emoji=False).print(text(), highlight=False)
