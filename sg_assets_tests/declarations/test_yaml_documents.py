"""YAML files are read as plain data with lines, or refused by file and line; nothing in them runs or explodes."""

import random
import time

import pytest

from sg_assets.declarations.yaml_documents import DEPTH, VALUES, mapping_of, read_document
from sg_assets.errors import SgAssetsError

FILE = "models/variants/x.yaml"


def read(text: str) -> object:
    return read_document(text.encode(), FILE).content


def error_of(raw: str | bytes) -> str:
    with pytest.raises(SgAssetsError) as caught:
        read_document(raw.encode() if isinstance(raw, str) else raw, FILE)
    return str(caught.value)


def with_duplicate(seed: int) -> tuple[str, str, int, int]:
    """A file that says a key twice at some depth, in some form: its text, the key, and the lines of both."""
    draw = random.Random(seed)
    depth, key = draw.randrange(5), draw.choice(["rank", "learning_rate", "a b", "schlüssel", "on it"])
    forms = [key, f'"{key}"', f"'{key}'"]
    lines = [f"{'  ' * level}level_{level}:" for level in range(depth)]
    indent = "  " * depth
    inner = [f"{indent}{draw.choice(forms)}: 1", *(f"{indent}other_{n}: {n}" for n in range(draw.randrange(4)))]
    lines += [f"{indent}before: [1, 2]", *inner, f"{indent}{draw.choice(forms)}: {draw.choice(['2', '[3]', '{b: 4}'])}"]
    return "\n".join([*lines, "after: 1"]) + "\n", key, depth + 2, len(lines)


@pytest.mark.parametrize("seed", range(24))
def test_a_key_that_stands_twice_is_refused_by_both_lines(seed: int) -> None:
    text, key, first, second = with_duplicate(seed)
    message = error_of(text)
    assert message.startswith(f"{FILE}, line {second}: the key '{key}' stands there twice.")
    assert f"It stands on line {first} already" in message


@pytest.mark.parametrize("text", ["{a: 1, a: 2}", "- {b: {a: 1, a: 1}}", "k: &k a\n*k : 1\na: 2\n", "a: 1\n? a\n: 2\n"])
def test_a_key_that_stands_twice_is_refused_in_every_form(text: str) -> None:
    assert "the key 'a' stands there twice" in error_of(text)


def test_a_key_may_stand_in_several_mappings() -> None:
    assert read("a: {k: 1}\nb: {k: 2}\nc: [{k: 3}, {k: 4}]\n") == {
        "a": {"k": 1}, "b": {"k": 2}, "c": [{"k": 3}, {"k": 4}],
    }  # fmt: skip


def test_all_scalars_of_two_readings_are_reported_together() -> None:
    message = error_of("a: 010\nb: {c: yes}\nd: [x, .inf]\n")
    assert [line.partition(": ")[0] for line in message.split("\n- ")] == [f"{FILE}, line {n}" for n in (1, 2, 3)]


def test_quoted_scalars_and_blocks_are_texts() -> None:
    assert read("a: '010'\nb: \"yes\"\nc: |\n  1:30\nd: >-\n  .inf\n") == {
        "a": "010", "b": "yes", "c": "1:30\n", "d": ".inf",
    }  # fmt: skip


def test_the_line_of_each_value_is_known() -> None:
    document = read_document(b"a: 1\nb:\n  - x\n  - c: 2\n    d: 3\n", FILE)
    assert [document.line(path) for path in [("a",), ("b", 0), ("b", 1, "d"), ("b", 1, "no"), ()]] == [1, 3, 5, 4, 1]


def test_an_alias_stands_for_its_value() -> None:
    assert read("a: &four [1, 2]\nb: *four\nc: &five 5\nd: *five\n") == {"a": [1, 2], "b": [1, 2], "c": 5, "d": 5}


BILLION = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
MONSTERS: dict[str, tuple[str | bytes, list[str]]] = {
    "aliases that multiply": (BILLION, ["line 5", f"more than {VALUES:,} values", "Each use of an alias"]),
    "a list in itself": ("a: &a [*a]\n", ["line 1", "A value cannot hold itself"]),
    "an alias of nothing": ("a: *b\n", ["line 1", "Nothing above is marked '&b'"]),
    "nested maps": ("{a: " * 100_000, ["line 1", f"more than {DEPTH} deep"]),
    "nested lists": ("[" * 100_000, [f"more than {DEPTH} deep"]),
    "nested blocks": ("".join(f"{' ' * n}a:\n" for n in range(900)), [f"line {DEPTH + 1}", f"more than {DEPTH} deep"]),
    "dashes": ("- " * 100_000, [f"more than {DEPTH} deep"]),
    "many values": ("a: [" + "x," * VALUES + "]\n", [f"more than {VALUES:,} values"]),
    "a python object": ("a: 1\nb: !!python/object/apply:os.system ['true']\n", ["line 2", "holds a YAML tag"]),
    "a tag of one's own": ("a: !secret x\n", ["line 1", "holds a YAML tag"]),
    "a tag of a type": ("a: !!int '010'\n", ["line 1", "holds a YAML tag"]),
    "a tab": ("a:\n\tb: 1\n", ["line 2", "is not valid YAML", "Indent with spaces, not tabs"]),
    "a bracket left open": ("a: [1\nb: 2\n", ["line 2", "is not valid YAML"]),
    "a quote left open": ("a: 'x\nb: 2\n", ["is not valid YAML"]),
    "UTF-16": ("a: 1\n".encode("utf-16"), ["line 1", "is not UTF-8 text", "It looks like UTF-16", "Save it as UTF-8"]),
    "Latin-1": ("a: 1\nb: é\n".encode("latin-1"), ["line 2", "is not UTF-8 text"]),
    "NUL": ("a: 1\nb: x\0y\n", ["line 2", "U+0000"]),
    "an escape sequence": ("a: \x1b[31mred\n", ["line 1", "U+001B"]),
    "a line break of YAML 1.1": ("a: b\x85c: 1\n", ["line 1", "U+0085"]),
    "half a letter": ('a: "\\ud800"\n', ["line 1", "is not valid YAML"]),
    "a long number": ("a: 1\nseed: " + "9" * 6000, ["line 2", "is a number of 6000 characters"]),
    "two documents": ("a: 1\n---\nb: 2\n", ["line 2", "second document"]),
    "a key that is a list": ("? [a]\n: 1\n", ["line 1", "a key that is no text"]),
    "a key that is a number": ("a: 1\n8: b\n", ["line 2", "a key that is no text", "Put it in quotes"]),
    "a key of two readings": ("a: 1\non: b\n", ["line 2", "'on' differently"]),
    "keys taken from another mapping": ("a: &a {b: 1}\nc:\n  <<: *a\n", ["line 3", "a merge of mappings"]),
}


@pytest.mark.parametrize("case", MONSTERS)
def test_a_file_that_cannot_be_read_is_refused_within_seconds(case: str) -> None:
    raw, expected = MONSTERS[case]
    started = time.monotonic()
    message = error_of(raw)
    assert time.monotonic() - started < 5
    assert message.startswith(FILE)
    assert len(message) < 400
    assert [part for part in expected if part not in message] == [], message


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa: 1\n", b"a: 1\r\n", b"---\na: 1\n...\n", b"# note\na: 1"])
def test_marks_of_editors_are_no_matter(raw: bytes) -> None:
    assert read_document(raw, FILE).content == {"a": 1}


@pytest.mark.parametrize("text", ["", "- a\n", "a text\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(SgAssetsError, match="must hold `key: value` lines"):
        mapping_of(read_document(text.encode(), FILE), FILE)
