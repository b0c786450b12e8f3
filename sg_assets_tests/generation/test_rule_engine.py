from pathlib import Path

from sg_assets.generation.generate import generate
from sg_assets.generation.rule_engine import RuleEngine
from sg_assets_tests.generation.engines import chats, responses


def test_a_rule_answers_every_chat(tmp_path: Path) -> None:
    engine = RuleEngine("shout-1", lambda chat: chat[-1]["content"].upper())
    generated = generate(engine, tmp_path, chats("a", "b"), lambda _: None, run_id="run")
    assert generated.frame().select("outcome", "response").rows() == [("ok", "A"), ("ok", "B")]
    assert generated.details()["response_tokens"] == 0


def test_another_rule_has_answers_of_its_own(tmp_path: Path) -> None:
    generate(RuleEngine("one", lambda _: "1"), tmp_path, chats("a"), lambda _: None, run_id="run")
    generated = generate(RuleEngine("two", lambda _: "2"), tmp_path, chats("a"), lambda _: None, run_id="run")
    assert responses(generated) == ["2"]
