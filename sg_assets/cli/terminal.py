"""What all commands print with."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from sg_assets.errors import SgAssetsError

console = Console()
errors = Console(stderr=True)


def print_line(line: str) -> None:
    """Print a line as it is: names in brackets are no markup, and what is piped on is not wrapped."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they are, each as soon as it is there."""
    for line in lines:
        print_line(line)


def print_error_line(line: str) -> None:
    """Print a line as it is on stderr, apart from the command's output."""
    errors.print(line, highlight=False, markup=False, soft_wrap=True)


def print_error(error: SgAssetsError) -> None:
    """Print why a command failed, in one readable line on stderr."""
    errors.print(Text("error ", style="bold red") + Text(str(error)), soft_wrap=True)
