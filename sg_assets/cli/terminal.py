"""What all commands print with. Names and texts of data are shown, and obeyed by no terminal."""

import re
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Final

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from sg_assets.errors import SgAssetsError
from sg_assets.text.visible import visible, visible_line

_WORD_SHOWN: Final = 120
_LONG_WORD: Final = re.compile(r"\S{400,}")
"""No path and no name is as long; where a value is, its beginning says which it is."""


class SafeConsole(Console):
    """A console that writes out the control characters of all that it shows, and keeps those of its own."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of a renderable, their texts without what a terminal would obey."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


# No markup, anywhere: what is in brackets may be a name, and names may be anybody's.
console = SafeConsole(markup=False, emoji=False)
errors = SafeConsole(stderr=True, markup=False, emoji=False)


def _shortened(word: re.Match[str]) -> str:
    return f"{word.group()[:_WORD_SHOWN]}...({len(word.group()):,} letters)"


def prepare_streams() -> None:
    """Let output never fail because its encoding has no letter for a character: such a character is written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_line(line: str) -> None:
    """Print a line as it is, in one line: brackets are no markup, and what is piped on is not wrapped."""
    console.print(visible_line(line), highlight=False, soft_wrap=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they are, each as soon as it is there."""
    for line in lines:
        print_line(line)


def print_error_line(line: str) -> None:
    """Print a line on stderr as it is, beside what a command writes."""
    errors.print(visible_line(line), highlight=False, soft_wrap=True)


def print_document(document: str) -> None:
    """Print a document in a format for programs, ended as it is."""
    typer.echo(visible(document), nl=False)


def print_error(error: SgAssetsError) -> None:
    """Print why a command failed, on stderr: one line, or a list of problems whose further lines are indented."""
    first, *others = _LONG_WORD.sub(_shortened, str(error)).split("\n")
    lines = [first, *(line if line.startswith(" ") else f"  {line}" for line in others)]
    errors.print(Text("error ", style="bold red") + Text("\n".join(lines)), soft_wrap=True)
