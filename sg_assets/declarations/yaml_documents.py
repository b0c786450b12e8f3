"""A YAML file as plain data with the line of each value, or an error that names file and line.

The parser's events are followed one by one, so a file that is refused costs no more than its bytes: nothing is built
from tags, aliases are counted as often as they are used, and depth is bounded before Python's own stack is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sg_assets.declarations.yaml_scalars import Scalar, value_of
from sg_assets.errors import SgAssetsError

DEPTH: Final = 100
"""The most levels of lists and mappings in each other."""
VALUES: Final = 100_000
"""The most values of a file, each use of an alias counted."""
_LISTED: Final = 20
"""The most scalars of a file that are reported."""
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Control characters, and line breaks of YAML 1.1 that YAML 1.2 reads as letters."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_INDENTED_BY_TAB: Final = re.compile(r" *\t")

KeyPath = tuple[str | int, ...]
"""The keys and positions that lead to a value."""


@dataclass(frozen=True)
class Document:
    """The content of a file."""

    content: Any
    """Mappings, lists, texts, numbers, true, false and nothing."""
    lines: Mapping[KeyPath, int]
    """The line of each value, from 1; of an alias's values that of the alias."""

    def line(self, path: KeyPath) -> int:
        """The line of a value, or of the nearest value around it that was written."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(raw: bytes, where: str) -> Document:
    """The one document of a file.

    Args:
        raw: The file's bytes.
        where: The file, for errors.

    Raises:
        SgAssetsError: it is not UTF-8, not YAML, too deep or too long, says a key twice, or holds a value that YAML 1.1
            and 1.2 read differently; names the line.
    """
    text = _text(raw, where)
    built = _Builder(where)
    try:
        # As C where ruamel.yaml's own libyaml is installed, else in Python: ten times slower.
        for event in YAML(typ="safe").parse(text):
            built.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _not_yaml(text, where, None if mark is None else mark.line, str(error.problem)) from error
    except YAMLError as error:
        raise _not_yaml(text, where, None, " ".join(str(error).split())) from error
    if built.errors:
        raise _together(built.errors)
    return Document(built.content, built.lines)


def _together(errors: list[SgAssetsError]) -> SgAssetsError:
    """One error that has a line for each; errors that list declarations count them."""
    return errors[0] if len(errors) == 1 else SgAssetsError("\n- ".join(map(str, errors[:_LISTED])))


def _not_yaml(text: str, where: str, line: int | None, why: str) -> SgAssetsError:
    if line is None:
        return SgAssetsError("is not valid YAML", where=where, why=why)
    written = text.splitlines()[line : line + 1]
    remedy = "Indent with spaces, not tabs" if written and _INDENTED_BY_TAB.match(written[0]) else None
    return SgAssetsError("is not valid YAML", where=f"{where}, line {line + 1}", why=why, remedy=remedy)


def _text(raw: bytes, where: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        coding = "it looks like UTF-16" if raw.startswith(_UTF_16) else f"byte {error.start} is no letter of UTF-8"
        line = raw[: error.start].count(b"\n") + 1
        raise SgAssetsError(
            "is not UTF-8 text", where=f"{where}, line {line}", why=coding, remedy="Save it as UTF-8"
        ) from error
    unreadable = _UNREADABLE.search(text)
    if unreadable is not None:
        line = text.count("\n", 0, unreadable.start()) + 1
        raise SgAssetsError(
            f"holds the control character U+{ord(unreadable[0]):04X}", where=f"{where}, line {line}",
            remedy="Remove it, or write it as an escape in double quotes",
        )  # fmt: skip
    return text


@dataclass
class _Open:
    """A list or mapping whose end is not read yet."""

    value: dict[str, Any] | list[Any]
    path: KeyPath
    anchor: str | None
    key: str | None = None
    """The key whose value comes next."""
    keys: dict[str, int] = field(default_factory=dict)
    """The line of each key."""
    size: int = 1
    """The values in it, itself counted."""


class _Builder:
    """What is built of the events so far."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.content: Any = None
        self.lines: dict[KeyPath, int] = {}
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.documents = 0
        self.errors: list[SgAssetsError] = []
        """Of scalars: with them the rest can still be read."""

    def take(self, event: events.Event) -> None:
        """Follow one event.

        Raises:
            SgAssetsError: what it brings is refused.
        """
        line = event.start_mark.line + 1
        if isinstance(event, events.ScalarEvent):
            self._refuse_tag(event.tag, line)
            self._scalar(event, line)
        elif isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self._refuse_tag(event.tag, line)
            self._begin({} if isinstance(event, events.MappingStartEvent) else [], event.anchor, line)
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            ended = self.open.pop()
            self._keep(ended.anchor, ended.value, ended.size)
            self._count(ended.size, line)
        elif isinstance(event, events.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._error("holds a second document", line, remedy="Keep one document a file")

    def _error(self, message: str, line: int, *, why: str | None = None, remedy: str | None = None) -> SgAssetsError:
        return SgAssetsError(message, where=f"{self.where}, line {line}", why=why, remedy=remedy)

    def _refuse_tag(self, tag: object, line: int) -> None:
        if tag is not None:
            why = "declarations are plain values, and nothing is made from tags"
            raise self._error("holds a YAML tag", line, why=why, remedy="Remove it; a text may stand in quotes")

    def _scalar(self, event: Any, line: int) -> None:  # noqa: ANN401 - ruamel.yaml types its scalars as Any
        text = str(event.value)
        value = self._value(text, line) if event.implicit[0] else text
        top = self.open[-1] if self.open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._keep(event.anchor, value, 1)
            self._name(top, value, line)
            return
        self._put(value, line)
        self._keep(event.anchor, value, 1)
        self._count(1, line)

    def _value(self, text: str, line: int) -> Scalar:
        try:
            return value_of(text, f"{self.where}, line {line}")
        except SgAssetsError as error:
            self.errors.append(error)
            return text

    def _name(self, mapping: _Open, key: Scalar, line: int) -> None:
        if not isinstance(key, str):
            raise self._error("has a key that is no text", line, remedy="Put it in quotes")
        if key in mapping.keys:
            why = f"it stands on line {mapping.keys[key]} already, and only one of them could count"
            raise self._error(f"the key '{key}' stands there twice", line, why=why, remedy="Keep one of them")
        mapping.keys[key] = line
        mapping.key = key

    def _begin(self, value: dict[str, Any] | list[Any], anchor: str | None, line: int) -> None:
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            raise self._error("has a key that is no text", line, remedy="Write `key: value`")
        if len(self.open) >= DEPTH:
            raise self._error(f"nests lists and mappings more than {DEPTH} deep", line)
        self.open.append(_Open(value, self._put(value, line), anchor))

    def _put(self, value: object, line: int) -> KeyPath:
        """Put a value where it belongs, and say where that is."""
        if not self.open:
            self.content = value
            self.lines[()] = line
            return ()
        top = self.open[-1]
        if isinstance(top.value, list):
            path: KeyPath = (*top.path, len(top.value))
            top.value.append(value)
        else:
            key = str(top.key)
            path = (*top.path, key)
            top.value[key], top.key, line = value, None, top.keys[key]
        self.lines[path] = line
        return path

    def _keep(self, anchor: str | None, value: object, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, size)

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors:
            inside = any(frame.anchor == anchor for frame in self.open)
            why = "a value cannot hold itself" if inside else f"nothing above is marked '&{anchor}'"
            raise self._error(f"the alias '*{anchor}' has no value", line, why=why)
        value, size = self.anchors[anchor]
        top = self.open[-1] if self.open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._name(top, value, line)
            return
        self._put(value, line)
        self._count(size, line)

    def _count(self, size: int, line: int) -> None:
        """Count values into the list or mapping around them."""
        if self.open:
            self.open[-1].size += size
        if size > VALUES or (self.open and self.open[-1].size > VALUES):
            why = "each use of an alias counts as the values it stands for"
            raise self._error(f"holds more than {VALUES:,} values", line, why=why)


def mapping_of(document: Document, where: str) -> dict[str, Any]:
    """The mapping that a file is.

    Raises:
        SgAssetsError: it is something else.
    """
    if not isinstance(document.content, dict):
        raise SgAssetsError("must hold `key: value` lines", where=where)
    return document.content
