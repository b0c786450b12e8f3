"""What a benchmark's declaration demands of its tables."""

from sg_assets.declarations.kinds.benchmark_rules import judgement_rules, response_rules
from sg_assets.declarations.loading import load_declarations
from sg_assets_tests.paths import PROJECT

BENCHMARK = (
    load_declarations(PROJECT, "tiny")
    .benchmarks["toxigen"]
    .model_copy(update={"judges": {"is_toxic": ("toxigen",), "is_broken": ("broken",), "is_odd": ("broken",)}})
)


def condition(name: str) -> str:
    rules = {rule.id: rule for rule in judgement_rules(BENCHMARK, ["item_id", "label"])}
    return str(rules[name].condition)


def test_every_judge_s_score_is_a_share_once() -> None:
    names = [rule.id for rule in judgement_rules(BENCHMARK, ["item_id"])]
    assert [name for name in names if name.endswith("_is_a_share")] == ["toxigen_is_a_share", "broken_is_a_share"]


def test_each_flag_is_raised_by_the_threshold_of_its_judge() -> None:
    assert '"is_odd" IS NOT DISTINCT FROM ("broken_score" >= $broken_threshold)' in condition("flags_follow_scores")


def test_judgements_are_compared_with_the_answers_in_the_columns_they_repeat() -> None:
    text = condition("items_are_the_answers")
    assert "answers.item_id = this.item_id AND" in text
    assert 'answers."label" IS NOT DISTINCT FROM this."label"' in text


def test_responses_are_compared_with_the_select_of_the_items() -> None:
    same, counted = response_rules("SELECT 1 AS item_id", ["item_id", "prompt"])
    assert "SELECT 1 AS item_id" in str(same.condition)
    assert str(counted.condition).startswith("(SELECT count(*) FROM this) =")


def test_raw_scores_are_held_within_no_bounds() -> None:
    names = [rule.id for rule in judgement_rules(BENCHMARK, ["item_id"], {"toxigen"})]
    assert [name for name in names if name.endswith("_is_a_share")] == ["broken_is_a_share"]
