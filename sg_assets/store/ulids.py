"""Names of records in a log: each sorts after all before it."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from ulid import ULID


def next_name(names: Sequence[str]) -> str:
    """A ULID after those of a log's records, even where the clock went back.

    Args:
        names: The records there are, sorted.
    """
    now = ULID()
    if not names:
        return str(now)
    return str(max(now, ULID.from_int(int(ULID.from_str(PurePosixPath(names[-1]).stem)) + 1)))
