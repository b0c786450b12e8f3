"""What the cache holds is not asked again."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.generation.few_shot import generator_chats
from sg_assets.generation.generate import Generated, generate
from sg_assets.generation.rule_engine import RuleEngine
from sg_assets_tests.generation.engines import CountingEngine, chats


def run(engine: CountingEngine, cache: Path, *prompts: str) -> Generated:
    return generate(engine, cache, chats(*prompts), lambda _: None)


def test_answers_come_in_the_order_of_the_chats(tmp_path: Path) -> None:
    found = run(CountingEngine(), tmp_path, "a", "b", "c")
    assert [one.response for one in found.answers] == ["A", "B", "C"]


def test_equal_chats_are_asked_once(tmp_path: Path) -> None:
    engine = CountingEngine()
    found = run(engine, tmp_path, "a", "b", "a")
    assert sorted(engine.asked) == ["a", "b"]
    assert [one.response for one in found.answers] == ["A", "B", "A"]


def test_only_what_is_missing_is_asked(tmp_path: Path) -> None:
    run(CountingEngine(), tmp_path, "a", "b")
    engine = CountingEngine()
    found = run(engine, tmp_path, "b", "c", "a")
    assert engine.asked == ["c"]
    assert (found.asked, found.cached) == (1, 2)


def test_no_chats_give_an_empty_table(tmp_path: Path) -> None:
    frame = run(CountingEngine(), tmp_path).frame()
    assert frame.schema == {"response": pl.String, "outcome": pl.String, "finish": pl.String}
    assert frame.height == 0


def test_the_manifest_is_told_what_it_took(tmp_path: Path) -> None:
    run(CountingEngine(), tmp_path, "a")
    details = run(CountingEngine(), tmp_path, "a", "b").details()
    del details["generation_seconds"]
    assert details == {"answers_generated": 1, "answers_from_cache": 1, "prompt_tokens": 2, "response_tokens": 4}


def test_failed_requests_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"1 of 3 requests failed.*Run the step again"):
        run(CountingEngine(failing=["b"]), tmp_path, "a", "b", "c")
    engine = CountingEngine()
    run(engine, tmp_path, "a", "b", "c")
    assert engine.asked == ["b"]


def test_a_killed_process_goes_on_where_it_stopped(tmp_path: Path) -> None:
    cache, log = tmp_path / "cache", tmp_path / "asked"
    command = [sys.executable, "-m", "sg_assets_tests.generation.engines", str(cache), str(log)]
    with subprocess.Popen(command) as process:
        deadline = time.monotonic() + 60
        while not (log.exists() and len(log.read_text().splitlines()) > 10) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    before = log.read_text().splitlines()
    assert 10 < len(before) < 60
    engine = CountingEngine()
    run(engine, cache, *(f"prompt {number}" for number in range(60)))
    # The one request in flight when it was killed may be asked twice, no other.
    assert set(before[:-1]).isdisjoint(engine.asked)
    assert len(engine.asked) in (60 - len(before), 61 - len(before))


def test_a_rule_answers_every_chat(tmp_path: Path) -> None:
    engine = RuleEngine("shout-1", lambda chat: chat[-1]["content"].upper())
    found = generate(engine, tmp_path, chats("a", "b"), lambda _: None)
    assert [(one.outcome, one.response) for one in found.answers] == [("ok", "A"), ("ok", "B")]


def test_another_rule_has_answers_of_its_own(tmp_path: Path) -> None:
    generate(RuleEngine("one", lambda _: "1"), tmp_path, chats("a"), lambda _: None)
    found = generate(RuleEngine("two", lambda _: "2"), tmp_path, chats("a"), lambda _: None)
    assert found.answers[0].response == "2"


def test_the_generator_sees_lexicon_examples_and_prompt_in_this_order() -> None:
    shots = [{"text": "scold them", "answer": "Sorry, no."}]
    (chat,) = generator_chats(["Roast {this}"], shots, [{"term": "zorb", "meaning": "made-up"}], "Be safe.")
    assert [message["role"] for message in chat] == ["system", "user", "assistant", "user"]
    assert chat[0]["content"] == "Be safe.\n\nHarmful local terms:\n- zorb: made-up"
    assert [message["content"] for message in chat[1:]] == ["scold them", "Sorry, no.", "Roast {this}"]
