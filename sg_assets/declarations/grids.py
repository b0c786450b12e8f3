"""Variants of a file: the one it declares, or the members of its grid."""

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.declarations.record_reading import named_document, validated
from sg_assets.declarations.records.grid import Grid
from sg_assets.declarations.records.variant import Variant
from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from sg_assets.declarations.yaml_documents import Document

MOST_MEMBERS: Final = 1000
"""The most variants of a grid."""
LONGEST_NAME: Final = 52
"""Letters of a member's name, so that ``_seed_<n>`` fits behind it where it is trained again."""
_OF_VARIANT: Final = ("parent", "mix", "rank", "seed")
"""Axes that are keys of a variant; the others are keys of its ``training``."""
_INTERNAL: Final = ("member",)
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")
_DIGEST_LETTERS: Final = 8
_LISTED: Final = 3

Point = Mapping[str, Any]
"""A value for each axis."""


def read_variants(path: Path, root: Path) -> tuple[Variant, ...]:
    """The variants that a file declares: one of the file's name, or the members of its grid, in order of their axes.

    Raises:
        SgAssetsError: the file is not valid YAML, does not fit, or some combination of its grid makes no variant.
    """
    where, document, content = named_document(path, root)
    for key in _INTERNAL:
        if key in content:
            raise SgAssetsError(f"unknown key '{key}'", where=f"{where}, line {document.line((key,))}")
    if content.get("grid") is None:
        return (validated({"name": path.stem, **content}, Variant, where, document),)
    grid = validated(content["grid"], Grid, f"{where}, grid", document, ("grid",))
    _refuse_misuse(grid, content, where, document)
    made = [_member(path.stem, content, index, where, document) for index in _indices(grid)]
    errors = {str(error): error for error in made if isinstance(error, SgAssetsError)}
    if errors:
        raise SgAssetsError("\n- ".join(list(errors)[:_LISTED]))
    members = tuple(member for member in made if isinstance(member, Variant))
    _refuse_equal_names(members, where, document)
    return members


def member_name(grid: str, point: Point) -> str:
    """The name of a grid's member: the file's name, then each axis with its value, in the order of `Grid`.

    It follows from the member's own values alone, so that a value that is added elsewhere renames nobody. A name that
    would be too long ends in a digest of these values instead of the last of them.
    """
    parts = [part for axis in Grid.model_fields if axis in point for part in (axis, _value_text(point[axis]))]
    name = "_".join([grid, *parts])
    if len(name) <= LONGEST_NAME:
        return name
    digest = blake2b(name.encode(), digest_size=_DIGEST_LETTERS // 2).hexdigest()
    return f"{name[: LONGEST_NAME - _DIGEST_LETTERS - 1].rstrip('_')}_{digest}"


def point_text(point: Point) -> str:
    """The values of a member in words: ``rank 8, learning_rate 0.0001``."""
    return ", ".join(f"{axis} {_plain(point[axis])}" for axis in Grid.model_fields if axis in point)


def with_members(names: Iterable[str], grids: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Names with those of grids replaced by their members."""
    return [member for name in names for member in grids.get(name, (name,))]


def grids_of(variants: Iterable[Variant]) -> dict[str, tuple[str, ...]]:
    """The names of the members of each grid among variants."""
    grids: dict[str, tuple[str, ...]] = {}
    for variant in variants:
        if variant.member is not None:
            grids[variant.member.grid] = (*grids.get(variant.member.grid, ()), variant.name)
    return grids


def _refuse_misuse(grid: Grid, content: Mapping[str, Any], where: str, document: "Document") -> None:
    axes = grid.axes
    at = f"{where}, line {document.line(('grid',))}"
    if not axes:
        raise SgAssetsError("the grid has no axis", where=at, remedy="Write one, such as rank: [8, 16]")
    count = math.prod(map(len, axes.values()))
    if count > MOST_MEMBERS:
        why = " x ".join(f"{len(values)} {axis}" for axis, values in axes.items())
        raise SgAssetsError(f"the grid makes {count:,} variants", where=at, why=why, remedy=f"At most {MOST_MEMBERS:,}")
    training = content.get("training")
    for axis in axes:
        of_variant = axis in _OF_VARIANT
        if axis in content if of_variant else isinstance(training, dict) and axis in training:
            fixed = (axis,) if of_variant else ("training", axis)
            why = f"line {document.line(fixed)} gives it one value for all"
            line = document.line(("grid", axis))
            raise SgAssetsError(
                f"'{axis}' is an axis", where=f"{where}, line {line}", why=why, remedy="Keep one of them"
            )


def _indices(grid: Grid) -> Iterator[dict[str, int]]:
    """For each member, which value of each axis is its own."""
    axes = grid.axes
    for chosen in itertools.product(*(range(len(values)) for values in axes.values())):
        yield dict(zip(axes, chosen, strict=True))


def _member(
    grid: str, content: Mapping[str, Any], index: Mapping[str, int], where: str, document: "Document"
) -> Variant | SgAssetsError:
    """A member, or what is wrong with it, by the lines of its values."""
    point = {axis: content["grid"][axis][number] for axis, number in index.items()}
    lines = {axis: document.line(("grid", axis, number)) for axis, number in index.items()}
    known = dict(document.lines)
    for axis, line in lines.items():
        known[(axis,) if axis in _OF_VARIANT else ("training", axis)] = line
    member = {key: value for key, value in content.items() if key != "grid"}
    member |= {axis: value for axis, value in point.items() if axis in _OF_VARIANT}
    member |= {"name": member_name(grid, point), "member": {"grid": grid, "lines": lines}}
    training = member.get("training", {})
    if isinstance(training, dict):
        member["training"] = training | {axis: value for axis, value in point.items() if axis not in _OF_VARIANT}
    if isinstance(member.get("description"), str):
        member["description"] += f"; {point_text(point)}"
    try:
        return validated(member, Variant, where, replace(document, lines=known))
    except SgAssetsError as error:
        return error


def _refuse_equal_names(members: tuple[Variant, ...], where: str, document: "Document") -> None:
    names = [member.name for member in members]
    for name in names:
        if names.count(name) > 1:
            why = f"several of its variants would be called '{name}'"
            at = f"{where}, line {document.line(('grid',))}"
            raise SgAssetsError("the grid's values have equal names", where=at, why=why, remedy="Make two files of it")


def _value_text(value: object) -> str:
    """A value as part of a name: lower-case letters, digits and ``_``."""
    return _UNSAFE.sub("_", _plain(value).lower().replace(".", "p")).strip("_")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dict):
        return "+".join(f"{_plain(weight)} {name}" for name, weight in sorted(value.items()))
    if isinstance(value, list | tuple):
        return "+".join(sorted(map(_plain, value)))  # of losses and of modules, whose order means nothing
    return str(value)
