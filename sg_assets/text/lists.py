"""Lists that are cut after some entries, with a count of the others."""

from collections.abc import Sequence


def first_with_count(entries: Sequence[object], most: int) -> list[str]:
    """The first entries as text; where entries are left out, a last text counts them.

    Args:
        entries: All entries.
        most: How many to write.
    """
    left_out = len(entries) - most
    return [*map(str, entries[:most]), *([f"and {left_out} more"] if left_out > 0 else [])]


def listed(names: Sequence[object], most: int = 8) -> str:
    """Names in a line, "a, b and 3 more".

    Args:
        names: All names.
        most: How many to write.
    """
    left_out = len(names) - most
    return ", ".join(map(str, names[:most])) + (f" and {left_out} more" if left_out > 0 else "")


def counted(number: int, noun: str) -> str:
    """A number with its noun, "1 partition" or "3 partitions"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
