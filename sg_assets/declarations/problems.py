"""Collecting errors, so that one look at the output mends every file."""

from collections.abc import Callable
from typing import TypeVar

from sg_assets.errors import InvalidDeclarationError, SgAssetsError

T = TypeVar("T")


class Problems:
    """All that is wrong with declarations, reported together."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def call(self, read: Callable[..., T], *arguments: object) -> T | None:
        """A reader's result, or None where it raised; its error is kept."""
        try:
            return read(*arguments)
        except SgAssetsError as error:
            self.add(error)
            return None

    def add(self, error: SgAssetsError) -> None:
        """Keep an error."""
        self.messages.append(str(error))

    def raise_any(self) -> None:
        """Raise everything kept as one error.

        Raises:
            SgAssetsError: something was kept; a line each.
        """
        if self.messages:
            lines = "\n".join(f"- {problem}" for problem in self.messages)
            count = 1 + lines.count("\n- ")  # one error may report several
            raise InvalidDeclarationError(f"{count} declaration(s) are wrong:\n{lines}")
