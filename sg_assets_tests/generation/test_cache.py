"""Answers survive, and the first stored one stays."""

from pathlib import Path

import pytest

from sg_assets.generation.answers import Answer, request_key
from sg_assets.generation.cache import AnswerCache

IDENTITY = {"engine": "test", "model": "m1"}
CHAT = [{"role": "user", "content": "hi"}]


def opened(folder: Path, **identity: str) -> AnswerCache:
    return AnswerCache(folder, IDENTITY | identity, {"libraries": {}})


def ok(text: str) -> Answer:
    return Answer("ok", text, 3, 1, "stop")


def segments(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jsonl"))


@pytest.mark.parametrize(
    "text", ["plain", "two\nlines\r\n\x0b\x1c\u2028", '"quoted" \\', "零宽\u200b 🙂", "half \ud83d"]
)
def test_an_answer_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    opened(tmp_path).store("k", ok(text))
    assert opened(tmp_path).find(["k"]) == {"k": ok(text)}


@pytest.mark.parametrize("outcome", ["refused", "blocked", "invalid"])
def test_outcomes_that_are_final_are_kept(tmp_path: Path, outcome: str) -> None:
    answer = Answer(outcome, None, None, None, "why")  # type: ignore[arg-type]
    opened(tmp_path).store("k", answer)
    assert opened(tmp_path).find(["k"]) == {"k": answer}


def test_an_error_is_not_kept(tmp_path: Path) -> None:
    opened(tmp_path).store("k", Answer("error", None, None, None, "timeout"))
    assert opened(tmp_path).find(["k"]) == {}


def test_the_first_answer_stored_wins(tmp_path: Path) -> None:
    for text in ("first", "second"):
        opened(tmp_path).store("k", ok(text))
    assert opened(tmp_path).find(["k"])["k"].response == "first"


def test_only_what_was_asked_for_is_found(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("a"))
    cache.store("l", ok("b"))
    assert set(cache.find(["l", "m"])) == {"l"}


def test_writers_at_the_same_time_have_a_segment_each(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    for place in range(3):
        one.store(f"one{place}", ok("a"))
        other.store(f"other{place}", ok("b"))
    assert len(segments(tmp_path)) == 2
    assert len(opened(tmp_path).find([f"{name}{place}" for name in ("one", "other") for place in range(3)])) == 6


def test_a_line_torn_at_any_byte_loses_itself_alone(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("whole"))
    cache.store("torn", ok("é🙂"))
    (segment,) = segments(tmp_path)
    content = segment.read_bytes()
    for length in range(content.index(b'{"key":"torn"'), len(content) - 1):
        segment.write_bytes(content[:length])
        found = opened(tmp_path).find(["k", "torn"])
        assert found.pop("k") == ok("whole")
        assert found == {}


def test_an_empty_segment_is_no_harm(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("k", ok("a"))
    (segment,) = segments(tmp_path)
    (segment.parent / "0.jsonl").touch()
    assert set(opened(tmp_path).find(["k"])) == {"k"}


def test_identities_do_not_share_answers(tmp_path: Path) -> None:
    opened(tmp_path).store("k", ok("a"))
    assert opened(tmp_path, model="m2").find(["k"]) == {}


def test_looking_writes_nothing(tmp_path: Path) -> None:
    opened(tmp_path).find(["k"])
    assert segments(tmp_path) == []


def test_equal_requests_have_one_key() -> None:
    reordered = [{"content": "hi", "role": "user"}]
    assert request_key({"a": 1, "b": 2}, CHAT) == request_key({"b": 2, "a": 1}, reordered)


def test_all_that_decides_an_answer_is_in_the_key() -> None:
    system = [{"role": "system", "content": "be kind"}, *CHAT]
    keys = {
        request_key(IDENTITY, CHAT),
        request_key(IDENTITY | {"model": "m2"}, CHAT),
        request_key(IDENTITY, system),
        request_key(IDENTITY, list(reversed(system))),
        request_key(IDENTITY, CHAT, draw=1),
    }
    assert len(keys) == 5
