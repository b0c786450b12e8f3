"""Answers survive, and the first stored one stays."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.generation import answer_cache as cache_module
from sg_assets.generation.answer_cache import AnswerCache
from sg_assets.generation.protocol import Answer
from sg_assets_tests.generation.engines import IDENTITY

SESSION = {"libraries": {"torch": "1"}, "batch_size": 8, "device": "cpu"}


def opened(
    folder: Path, run_id: str = "run", log: Callable[[str], None] = lambda _: None, **identity: str
) -> AnswerCache:
    engine: Any = SimpleNamespace(identity=IDENTITY | identity, session=SESSION)
    return AnswerCache(folder, engine, run_id, log)


def stored_answers(cache: AnswerCache, *keys: str) -> dict[str, Answer]:
    rows = cache.find(keys).drop("at", "segment").to_dicts()
    return {row.pop("key"): Answer(**row) for row in rows}


def ok(text: str) -> Answer:
    return Answer("ok", text, 3, 1, "stop")


def segments(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jsonl"))


@pytest.mark.parametrize("text", ["plain", "", "two\nlines\r\n\x0b\x1c\u2028", '"quoted" \\', "零宽\u200b 🙂", "\0"])
def test_an_answer_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    opened(tmp_path).store("k", ok(text))
    assert stored_answers(opened(tmp_path), "k") == {"k": ok(text)}


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    opened(folder).store("k", ok(text))
    assert stored_answers(opened(folder), "k") == {"k": ok(text)}


def test_half_a_character_comes_back_as_the_replacement_character(tmp_path: Path) -> None:
    opened(tmp_path).store("k", ok("half \ud83d"))
    assert stored_answers(opened(tmp_path), "k") == {"k": ok("half \ufffd")}


@pytest.mark.parametrize("outcome", ["refused", "blocked", "invalid"])
def test_outcomes_that_are_final_are_kept(tmp_path: Path, outcome: str) -> None:
    answer = Answer(outcome, None, None, None, "why")  # type: ignore[arg-type]
    opened(tmp_path).store("k", answer)
    assert stored_answers(opened(tmp_path), "k") == {"k": answer}


def test_an_error_is_not_kept(tmp_path: Path) -> None:
    opened(tmp_path).store("k", Answer("error", None, None, None, "timeout"))
    assert stored_answers(opened(tmp_path), "k") == {}


def test_the_first_answer_stored_wins(tmp_path: Path) -> None:
    for text in ("first", "second"):
        opened(tmp_path).store("k", ok(text))
    assert stored_answers(opened(tmp_path), "k")["k"].response == "first"


def test_the_first_answer_stored_wins_though_its_segment_was_opened_last(tmp_path: Path) -> None:
    early, late = opened(tmp_path), opened(tmp_path)
    early.store("other", ok("x"))
    late.store("k", ok("first"))
    early.store("k", ok("second"))
    assert stored_answers(opened(tmp_path), "k")["k"].response == "first"


def test_of_two_answers_of_one_moment_the_segment_s_name_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_now", lambda: "2026-01-01T00:00:00.000000+00:00")
    for text in ("one", "other"):
        opened(tmp_path).store("k", ok(text))
    assert stored_answers(opened(tmp_path), "k")["k"].response == "one"
    first, second = segments(tmp_path)
    second.rename(first.with_name("0.jsonl"))
    assert stored_answers(opened(tmp_path), "k")["k"].response == "other"


def test_only_what_was_asked_for_is_found(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("a"))
    cache.store("l", ok("b"))
    assert set(stored_answers(cache, "l", "m")) == {"l"}


def test_writers_at_the_same_time_have_a_segment_each(tmp_path: Path) -> None:
    first, other = opened(tmp_path), opened(tmp_path)
    for number in range(3):
        first.store(f"one{number}", ok("a"))
        other.store(f"other{number}", ok("b"))
    assert len(segments(tmp_path)) == 2
    assert (
        len(stored_answers(opened(tmp_path), *(f"{name}{number}" for name in ("one", "other") for number in range(3))))
        == 6
    )


def test_how_answers_were_made_is_kept_beside_them(tmp_path: Path) -> None:
    for run, keys in (("first", "ab"), ("second", "c"), ("first", "d")):
        cache = opened(tmp_path, run)
        for key in keys:
            cache.store(key, ok("x"))
    last = opened(tmp_path)
    assert last.sessions(last.find(["a", "c", "d"])) == [
        {"run_id": "first", **SESSION, "answers": 2},
        {"run_id": "second", **SESSION, "answers": 1},
    ]


def test_every_answer_knows_when_it_was_stored(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    before = cache_module._now()
    cache.store("k", ok("a"))
    assert before <= cache.find(["k"])["at"].item() <= cache_module._now()


def test_a_line_torn_at_any_byte_loses_itself_alone(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("whole"))
    cache.store("torn", ok("é🙂"))
    (segment,) = segments(tmp_path)
    content = segment.read_bytes()
    logged: list[str] = []
    for length in range(content.index(b'{"key":"torn"'), len(content)):
        segment.write_bytes(content[:length])
        assert stored_answers(opened(tmp_path, log=logged.append), "k", "torn") == {"k": ok("whole")}
    assert logged == []


@pytest.mark.parametrize("damage", [b'{"key":"l","outc', b"\0\0\0\0", b'{"key":"l","response":"\xff"}', b"[1]"])
def test_a_damaged_line_inside_is_told_and_loses_itself_alone(tmp_path: Path, damage: bytes) -> None:
    cache = opened(tmp_path)
    for key in "klm":
        cache.store(key, ok(key))
    (segment,) = segments(tmp_path)
    lines = segment.read_bytes().split(b"\n")
    segment.write_bytes(b"\n".join([*lines[:2], damage, *lines[3:]]))
    logged: list[str] = []
    reader = opened(tmp_path, log=logged.append)
    assert set(stored_answers(reader, "k", "l", "m")) == set(stored_answers(reader, "k", "l", "m")) == {"k", "m"}
    assert logged == [f"{segment}: 1 damaged line(s); their answers count as not stored"]


def test_after_a_failed_write_nothing_follows_in_that_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("a"))
    write = os.write

    def full(descriptor: int, line: bytes) -> int:
        if len(line) < 40:
            raise OSError(28, "No space left on device")
        return write(descriptor, line[: len(line) // 2])

    monkeypatch.setattr("sg_assets.generation.answer_cache.os.write", full)
    with pytest.raises(OSError, match="No space left"):
        cache.store("torn", ok("b"))
    monkeypatch.undo()
    cache.store("l", ok("c"))
    logged: list[str] = []
    assert set(stored_answers(opened(tmp_path, log=logged.append), "k", "torn", "l")) == {"k", "l"}
    assert logged == []


def test_an_empty_segment_is_no_harm(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("a"))
    (segment,) = segments(tmp_path)
    (segment.parent / "0.jsonl").touch()
    assert set(stored_answers(opened(tmp_path), "k")) == {"k"}


def test_identities_do_not_share_answers(tmp_path: Path) -> None:
    opened(tmp_path).store("k", ok("a"))
    assert stored_answers(opened(tmp_path, model="m2"), "k") == {}


def test_looking_writes_nothing(tmp_path: Path) -> None:
    stored_answers(opened(tmp_path), "k")
    assert list(tmp_path.iterdir()) == []


def test_a_segment_says_what_decided_its_answers(tmp_path: Path) -> None:
    opened(tmp_path, "run 7").store("k", ok("a"))
    header = json.loads(segments(tmp_path)[0].read_text().splitlines()[0])
    assert header.pop("at")
    assert header == {"identity": IDENTITY, "session": SESSION, "run_id": "run 7"}
