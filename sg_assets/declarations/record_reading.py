"""Records from YAML files; what does not fit is reported by file, key, line and nearest valid value."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import ValidationError

from sg_assets.declarations.declared_files import read_bytes
from sg_assets.declarations.names import is_safe_name
from sg_assets.declarations.records.alerts import Alerts, for_profile
from sg_assets.declarations.records.base import KIND_TAG, Record, tagged
from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from sg_assets.declarations.yaml_documents import Document, KeyPath

R = TypeVar("R", bound=Record)


def read_named(path: Path, record: type[R], root: Path) -> R:
    """One record a file; the file's name is the record's.

    Raises:
        SgAssetsError: the file is not valid YAML, or does not fit the record.
    """
    where, document, content = named_document(path, root)
    return validated({"name": path.stem, **content}, record, where, document)


def named_document(path: Path, root: Path) -> "tuple[str, Document, dict[str, Any]]":
    """A file whose name is that of what it declares: its name for errors, the document, and its keys.

    Raises:
        SgAssetsError: the file is not valid YAML, or its name cannot be used.
    """
    where = path.relative_to(root).as_posix()
    if not is_safe_name(path.stem):
        raise SgAssetsError(
            f"'{path.stem}' is not a safe name", where=where, why="the file's name becomes the declaration's name"
        )
    document, content = _document(path, where)
    if "name" in content:
        raise SgAssetsError("unknown key 'name'", where=where, why="the file's name is the declaration's name")
    return where, document, content


def read_list(path: Path, key: str, record: type[R], root: Path) -> tuple[R, ...]:
    """The records that a file lists under a key.

    Raises:
        SgAssetsError: the file is not valid YAML, has no such list, or an entry does not fit or stands twice.
    """
    where = path.relative_to(root).as_posix()
    document, content = _document(path, where)
    listed = content.get(key)
    if not isinstance(listed, list) or not listed:
        raise SgAssetsError(f"has no list '{key}'", where=where)
    for other in content:
        if other != key:
            raise SgAssetsError(f"unknown key '{other}'", where=f"{where}, line {document.line((other,))}")
    records = tuple(
        validated(entry, record, f"{where}, {key}[{index}]", document, (key, index))
        for index, entry in enumerate(listed)
    )
    for name in _repeated(getattr(entry, "id", getattr(entry, "term", "")) for entry in records):
        raise SgAssetsError(f"'{name}' is listed twice", where=f"{where}, {key}")
    return records


def read_alerts(path: Path, profile: str, profiles: Collection[str], root: Path) -> Alerts:
    """The alerts of a profile.

    Raises:
        SgAssetsError: the file is not valid YAML, or its keys do not fit.
    """
    where = path.relative_to(root).as_posix()
    _, content = _document(path, where)
    own = for_profile(content, profile, profiles, where)
    # A key may come from the file or from the profile's part, so its line is not known.
    return validated(own, Alerts, where)


def _repeated(names: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _document(path: Path, where: str) -> "tuple[Document, dict[str, Any]]":
    # Imported here: a cached load reads no YAML.
    from sg_assets.declarations.yaml_documents import mapping_of, read_document

    document = read_document(read_bytes(path, where), where)
    return document, mapping_of(document, where)


def validated(
    content: object,
    record: type[R],
    where: str,
    document: "Document | None" = None,
    at: "KeyPath" = (),
) -> R:
    """A record read from plain data, as written: a text is no number, and true is not 1.

    Args:
        content: The data.
        record: What it must fit.
        where: The file and key, for errors.
        document: The file it stands in, for the lines of errors.
        at: Where in the document.

    Raises:
        SgAssetsError: it does not fit; names every key that does not.
    """
    try:
        # As JSON, where strict types still take a list for a tuple, as YAML has no other.
        return record.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        raise SgAssetsError(_readable(error, record, document, at), where=where) from error


def _readable(error: ValidationError, record: type[Record], document: "Document | None", at: "KeyPath") -> str:
    messages = []
    for problem in error.errors():
        # Pydantic adds the kind of a record that may be of several.
        path = tuple(part for part in problem["loc"] if not str(part).startswith(KIND_TAG))
        key = ".".join(str(part) for part in path)
        line = "" if document is None else f" (line {document.line((*at, *path))})"
        if problem["type"] == "extra_forbidden":
            known = _fields_at(record, problem["loc"][:-1])
            remedy = nearest(str(problem["loc"][-1]), known) if known else ""
            messages.append(f"unknown key '{key}'{line}. {remedy}".strip())
        elif problem["type"] == "union_tag_invalid":
            kinds = str(problem["ctx"]["expected_tags"]).replace(KIND_TAG, "")
            messages.append(f"{key}: kind must be one of {kinds}{line}")
        else:
            message = problem["msg"].removeprefix("Value error, ")
            messages.append((f"{key}: {message}" if key else message) + line)
    return "; ".join(messages)


def _fields_at(record: type[Record], path: tuple[int | str, ...]) -> list[str]:
    current: Any = record
    kinds: Any = None
    for part in path:
        if str(part).startswith(KIND_TAG):
            current = tagged(kinds, str(part))
        elif isinstance(part, str):  # a place in a list is of the record that the list holds
            field = getattr(current, "model_fields", {}).get(part)
            if field is not None:
                kinds, current = field.annotation, _record_in(field.annotation)
            elif kinds is None:
                current = None
    return list(getattr(current, "model_fields", {}))


def _record_in(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """The record that a field holds: one, a list of them, or none."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next((record for argument in get_args(annotation) if (record := _record_in(argument))), None)
