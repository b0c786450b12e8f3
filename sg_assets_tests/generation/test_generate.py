"""What the cache holds is not asked again."""

import threading
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.generation.generate import GeneratedAnswers, generate
from sg_assets_tests.generation.engines import CountingEngine, chats, numbered, responses
from sg_assets_tests.machines import machine


def run(engine: CountingEngine, cache: Path, *prompts: str, lines: list[str] | None = None) -> GeneratedAnswers:
    return generate(engine, cache, chats(*prompts), ([] if lines is None else lines).append, run_id="run")


def test_answers_come_in_the_order_of_the_chats(tmp_path: Path) -> None:
    assert responses(run(CountingEngine(), tmp_path, "a", "b", "c")) == ["A", "B", "C"]


def test_equal_chats_are_asked_once(tmp_path: Path) -> None:
    engine = CountingEngine()
    generated = run(engine, tmp_path, "a", "b", "a")
    assert sorted(engine.asked) == ["a", "b"]
    assert responses(generated) == ["A", "B", "A"]


def test_only_what_is_missing_is_asked(tmp_path: Path) -> None:
    run(CountingEngine(), tmp_path, "a", "b")
    engine = CountingEngine()
    generated = run(engine, tmp_path, "b", "c", "a")
    assert engine.asked == ["c"]
    assert (generated.asked, generated.distinct) == (1, 3)


def test_answers_from_the_cache_keep_the_machine_they_were_made_on(tmp_path: Path) -> None:
    run(CountingEngine(machine=machine("AVX2")), tmp_path, "a")
    generated = run(CountingEngine(machine=machine("AVX512")), tmp_path, "a", "b")
    assert generated.machines == [machine("AVX2"), machine("AVX512")]
    again = run(CountingEngine(machine=machine("AVX512")), tmp_path, "a")
    assert again.machines == [machine("AVX2")]


def test_of_answers_kept_without_a_machine_none_is_claimed(tmp_path: Path) -> None:
    run(CountingEngine(), tmp_path, "a")
    assert run(CountingEngine(machine=machine()), tmp_path, "a").machines == []


def test_the_machine_moves_no_key(tmp_path: Path) -> None:
    run(CountingEngine(machine=machine("AVX2")), tmp_path, "a")
    engine = CountingEngine(machine=machine("AVX512"))
    run(engine, tmp_path, "a")
    assert engine.asked == []


def test_a_changed_template_asks_for_its_own_prompts_alone(tmp_path: Path) -> None:
    texts, templates = [f"text {number}" for number in range(5)], ["Reply: {}", "Roast: {}", "Sum up: {}"]
    run(CountingEngine(), tmp_path, *(template.format(text) for template in templates for text in texts))
    templates[1] = "Roast them: {}"
    engine, lines = CountingEngine(), list[str]()
    generated = run(engine, tmp_path, *(template.format(text) for template in templates for text in texts), lines=lines)
    assert sorted(engine.asked) == [f"Roast them: {text}" for text in texts]
    details = generated.details()
    assert (details["answers_generated"], details["answers_from_cache"]) == (5, 10)
    assert lines[0] == "15 prompts, 15 distinct: 10 answered before, 5 to generate"


def test_no_chats_give_an_empty_table(tmp_path: Path) -> None:
    frame = run(CountingEngine(), tmp_path).frame()
    assert frame.schema == {"response": pl.String, "outcome": pl.String, "finish": pl.String}
    assert frame.height == 0


def test_the_manifest_is_told_what_it_took_and_how(tmp_path: Path) -> None:
    run(CountingEngine(), tmp_path, "a")
    details = run(CountingEngine(), tmp_path, "a", "b", "b").details()
    del details["generation_seconds"]
    session = {"run_id": "run", "libraries": {"counting": "1"}, "batch_size": 1, "device": "cpu", "answers": 2}
    assert details == {
        "prompts": 3, "prompts_distinct": 2, "answers_generated": 1, "answers_from_cache": 1, "prompt_tokens": 3,
        "response_tokens": 6, "engine": {"engine": "counting"}, "sessions": [session],
    }  # fmt: skip


def test_the_log_tells_counts_engine_and_rates(tmp_path: Path) -> None:
    lines: list[str] = []
    run(CountingEngine(), tmp_path, "a", "b", "a", lines=lines)
    assert lines[0] == "3 prompts, 2 distinct: 0 answered before, 2 to generate"
    assert lines[1] == "2 answers to ask for: engine counting, batch_size 1, device cpu"
    assert lines[2].startswith("2 answers in ")
    assert len(lines) == 3


def test_failed_requests_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"1 of 3 requests failed.*Run the step again"):
        run(CountingEngine(failing=["b"]), tmp_path, "a", "b", "c")
    engine = CountingEngine()
    run(engine, tmp_path, "a", "b", "c")
    assert engine.asked == ["b"]


def test_two_at_once_share_the_work_and_end_with_one_table(tmp_path: Path) -> None:
    engines = [CountingEngine(pause=0.02), CountingEngine(pause=0.02)]
    spans = [numbered(0, 20), numbered(10, 30)]
    generated: dict[int, GeneratedAnswers] = {}

    def work(index: int) -> None:
        generated[index] = run(engines[index], tmp_path, *spans[index])

    threads = [threading.Thread(target=work, args=[index]) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(engines[0].asked + engines[1].asked) == sorted(numbered(0, 30))
    assert [responses(generated[index]) for index in (0, 1)] == [[prompt.upper() for prompt in span] for span in spans]
    assert generated[0].asked + generated[1].asked == 30


def test_what_failed_elsewhere_is_asked_by_who_waited_for_it(tmp_path: Path) -> None:
    failing, sound = CountingEngine(failing=["a"], pause=0.3), CountingEngine()
    errors: list[SgAssetsError] = []

    def fail() -> None:
        try:
            run(failing, tmp_path, "a")
        except SgAssetsError as error:
            errors.append(error)

    thread = threading.Thread(target=fail)
    thread.start()
    while not failing.asked:
        pass
    generated = run(sound, tmp_path, "a")
    thread.join()
    assert len(errors) == 1
    assert (sound.asked, responses(generated)) == (["a"], ["A"])
