"""Ways in which Dagster's record files get damaged, for tests that mend them."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from sg_assets.execution.dagster_home import RECORD_FILES

Damage = Callable[[Path], None]
RECORDED_RUN = "0123abcd-0000-4000-8000-000000000000"
"""A run that the copied records know."""
_OLD_REVISION = "5771160a95ad"


def _execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def two_revisions(file: Path) -> None:
    """What two creating processes leave."""
    _execute(file, f"INSERT INTO alembic_version VALUES ('{_OLD_REVISION}')")


def no_revision(file: Path) -> None:
    """A kill before the revision was written."""
    _execute(file, "DELETE FROM alembic_version")


def no_revision_table(file: Path) -> None:
    """A kill before the table of revisions was made."""
    _execute(file, "DROP TABLE alembic_version")


def main_table_missing(file: Path) -> None:
    """A kill between two tables."""
    table = next(record.table for record in RECORD_FILES if file.as_posix().endswith(record.path))
    _execute(file, f'DROP TABLE "{table}"')


def emptied(file: Path) -> None:
    """A full disk, or a kill, just after the file was opened."""
    file.write_bytes(b"")


def zeroed(file: Path) -> None:
    """What some file systems leave after a power cut."""
    file.write_bytes(b"\0" * file.stat().st_size)


def overwritten(file: Path) -> None:
    """Another kind of file under the name."""
    file.write_text("not a database, whatever its name says\n" * 500)


def cut_off(file: Path) -> None:
    """The end of the file is missing."""
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def folder_instead(file: Path) -> None:
    """A folder of the file's name."""
    file.unlink()
    file.mkdir()


DAMAGES: tuple[Damage, ...] = (
    two_revisions,
    no_revision,
    no_revision_table,
    main_table_missing,
    emptied,
    zeroed,
    overwritten,
    cut_off,
    folder_instead,
)
KEEPS_ROWS = frozenset({two_revisions, no_revision, no_revision_table})
"""Damages that leave every row readable."""


def cases() -> Iterator[tuple[str, Damage]]:
    """Every damage of every file."""
    for record in RECORD_FILES:
        for damage in DAMAGES:
            yield record.path, damage


def copied_home(template: Path, home: Path) -> Path:
    """A Dagster home of its own, made by copying one."""
    shutil.copytree(template, home)
    return home
