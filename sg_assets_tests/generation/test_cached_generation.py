"""A step's answers, and what its manifest records of them."""

from pathlib import Path

from sg_assets.generation.cached_generation import cached_answers
from sg_assets.generation.call_counts import Requests
from sg_assets_tests.generation.engines import CountingEngine, chats
from sg_assets_tests.machines import machine
from sg_assets_tests.store.steps import new_store, workspace


def test_answers_come_in_order_with_counts_and_machines_for_the_manifest(tmp_path: Path) -> None:
    engine = CountingEngine(machine=machine("AVX2"))
    with workspace(new_store(tmp_path), "responses/b") as work:
        frame = cached_answers(
            work, Requests(engine, chats("b", "a")), tmp_path / "answers", log=lambda _: None, run_id="r"
        )
        assert frame["response"].to_list() == ["B", "A"]
        assert work.machines == [machine("AVX2")]
        assert work.details


def test_answers_that_are_kept_are_not_asked_for_again(tmp_path: Path) -> None:
    engine = CountingEngine()
    with workspace(new_store(tmp_path), "responses/b") as work:
        for _ in range(2):
            cached_answers(work, Requests(engine, chats("a")), tmp_path / "answers", log=lambda _: None, run_id="r")
    assert engine.asked == ["a"]
