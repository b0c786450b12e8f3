"""Requests against the answers that are kept."""

from collections.abc import Sequence
from pathlib import Path

from sg_assets.generation.call_counts import Requests, count_unanswered
from sg_assets.generation.generate import generate
from sg_assets.generation.protocol import Messages
from sg_assets.generation.rule_engine import RuleEngine


def chats(*texts: str) -> Sequence[Messages]:
    return [[{"role": "user", "content": text}] for text in texts]


def engine(model: str = "rule") -> RuleEngine:
    return RuleEngine(model, lambda _: "yes")


def test_before_any_answer_each_distinct_request_is_a_call(tmp_path: Path) -> None:
    assert count_unanswered(Requests(engine(), chats("a", "b", "a")), tmp_path / "answers") == 2
    assert not (tmp_path / "answers").exists()


def test_kept_answers_are_no_calls(tmp_path: Path) -> None:
    generate(engine(), tmp_path, chats("a", "b"), lambda _: None, run_id="one")
    assert count_unanswered(Requests(engine(), chats("a", "b")), tmp_path) == 0
    assert count_unanswered(Requests(engine(), chats("a", "b", "c")), tmp_path) == 1


def test_answers_of_another_model_do_not_count(tmp_path: Path) -> None:
    generate(engine(), tmp_path, chats("a"), lambda _: None, run_id="one")
    assert count_unanswered(Requests(engine("other"), chats("a")), tmp_path) == 1
