"""Marks that versions get later: accepted, damaged, doubtful. A log per partition next to the manifests, never edited.

Records lie under ``marks/<schema>/<table>/<partition>/<ULID>.json``. An acceptance says that a version counts as made
by another recipe than its own. It holds until a mark undoes it. A doubtful version was made from content that was or
may have been damaged: it counts as made by no recipe, so that it is made again, until a later acceptance of it.
"""

import contextlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal, Self

from pydantic import ValidationError, model_validator

from sg_assets.errors import DamagedStoreError
from sg_assets.store.backends.interface import Files
from sg_assets.store.manifests import Code, MadeBy, Manifest
from sg_assets.store.records import Record
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import REPAIR, invalid_fields, read_record, sealed, unsealed
from sg_assets.store.ulids import next_name


class Mark(Record):
    """A statement about a version."""

    kind: Literal["accepted", "undone", "pruned", "erased", "damaged", "doubtful"]
    """Counts as made by another recipe; that no longer holds; its content was removed, to save room or for good; its
    content was damaged and set aside; it was made from content that was damaged, or may have been."""
    version: str
    at: datetime
    by: MadeBy
    why: str
    """The reason, in the words of the person."""
    recipe: str | None = None
    """Of an acceptance: the recipe that the version counts as made by."""
    code: Code | None = None
    """Of an acceptance: the code of that recipe."""
    libraries: dict[str, str] | None = None
    """Of an acceptance: the libraries of that recipe."""
    undoes: str | None = None
    """The name of the mark that no longer holds."""

    def __str__(self) -> str:
        by_code = " as made by the code of that day" if self.kind == "accepted" else ""
        return f"{self.kind} on {self.at:%Y-%m-%d} by {self.by}{by_code}: {self.why}"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.kind == "accepted") != (None not in (self.recipe, self.code, self.libraries)):
            raise ValueError("an acceptance, and nothing else, has recipe, code and libraries")
        if (self.kind == "undone") != (self.undoes is not None):
            raise ValueError("what undoes a mark, and nothing else, names it")
        return self


class NamedMark(Record):
    """A mark with the name of its record."""

    name: str
    """A ULID."""
    mark: Mark


class Marks:
    """The marks of a store's versions."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, NamedMark] = {}
        """By the name of the record: records never change. Which there are is asked each time."""

    def of(self, ref: Ref) -> list[NamedMark]:
        """All marks of a partition's versions, oldest first.

        Raises:
            DamagedStoreError: a mark cannot be read.
        """
        return [self._read(name) for name in self._names(ref)]

    def all(self) -> dict[Ref, list[NamedMark]]:
        """All marks of all partitions that have any.

        Raises:
            DamagedStoreError: a mark cannot be read.
        """
        names = self._files.glob("marks/*/*/*/*.json")
        marked: dict[Ref, list[NamedMark]] = {}
        for name in names:
            folder = name.removeprefix("marks/").rpartition("/")[0]
            marked.setdefault(Ref.of_folder(folder), []).append(self._read(name))
        return marked

    def readable(self, ref: Ref) -> list[NamedMark]:
        """The marks of a partition's versions that can be read, oldest first: for listings that decide nothing."""
        marks = []
        for name in self._names(ref):
            with contextlib.suppress(DamagedStoreError):
                marks.append(self._read(name))
        return marks

    def append(self, ref: Ref, mark: Mark) -> str:
        """Record a mark; its name."""
        name = next_name(self._names(ref))
        self._files.write_new(f"marks/{ref.folder}/{name}.json", sealed(mark.model_dump_json(indent=1)))
        return name

    def _names(self, ref: Ref) -> list[str]:
        return self._files.glob(f"marks/{ref.folder}/*.json")

    def _read(self, name: str) -> NamedMark:
        if name not in self._known:
            self._known[name] = NamedMark(name=PurePosixPath(name).stem, mark=read_mark(self._files, name))
        return self._known[name]


def read_mark(files: Files, name: str, data: bytes | None = None) -> Mark:
    """A mark by the name of its record, or from the bytes of that.

    Raises:
        DamagedStoreError: it cannot be read.
    """
    try:
        return Mark.model_validate_json(read_record(files, name) if data is None else unsealed(data, name))
    except ValidationError as error:
        raise DamagedStoreError(
            "the mark cannot be read", where=name, why=invalid_fields(error), remedy=REPAIR
        ) from error


def acceptances(manifest: Manifest, marks: Iterable[NamedMark]) -> tuple[NamedMark, ...]:
    """The acceptances that hold for a version, its own and those it inherits, oldest first.

    Args:
        manifest: The version.
        marks: All marks of its partition, oldest first.
    """
    known = list(marks)
    undone = {named.mark.undoes for named in known if named.mark.kind == "undone"}
    inherited = {accepted.mark for accepted in manifest.accepted_as}
    return tuple(
        named
        for named in known
        if named.mark.kind == "accepted"
        and named.name not in undone
        and (named.mark.version == manifest.version or named.name in inherited)
    )


def marks_on(manifest: Manifest, marks: Iterable[NamedMark]) -> list[NamedMark]:
    """The marks of a version, and of the version whose content it records anew; oldest first."""
    inherited = {accepted.mark for accepted in manifest.accepted_as}
    return [
        named
        for named in marks
        if named.mark.version == manifest.version or named.name in inherited or named.mark.undoes in inherited
    ]


def doubt_of(manifest: Manifest, marks: Iterable[NamedMark]) -> NamedMark | None:
    """The mark by which a version is doubtful; None where it is not, or was accepted since."""
    doubt = None
    for named in marks:
        if named.mark.version == manifest.version and named.mark.kind in ("doubtful", "accepted"):
            doubt = named if named.mark.kind == "doubtful" else None
    return doubt


def recipes_of(manifest: Manifest, marks: Iterable[NamedMark]) -> frozenset[str]:
    """The recipe a version was made by, and those it is accepted as made by: it counts as made by each of them.

    A doubtful version counts as made by none. This is the only rule for that; callers use it through `Store.counts_as`
    or `Store.with_recipe`.
    """
    known = list(marks)
    if doubt_of(manifest, known) is not None:
        return frozenset()
    return frozenset((manifest.recipe, *(str(named.mark.recipe) for named in acceptances(manifest, known))))
