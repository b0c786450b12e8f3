"""Scores that declarations name exist, and bounds lie in what a score can be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.declarations.records.benchmark import Comparison, ShownScore
from sg_assets.declarations.records.figures import Published, PublishedNumber
from sg_assets.declarations.records.objective import Objective
from sg_assets.declarations.validate.scores import check_scores
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="module")
def project() -> ProjectDeclarations:
    return read_project(PROJECT, "demo", generated_comments=True)


def score(benchmark: str, metric: str, slice_: str) -> dict[str, str]:
    return {"benchmark": benchmark, "metric": metric, "slice": slice_}


UNKNOWN: list[tuple[dict[str, str], str, str]] = [
    (score("sg_safety", "toxcity_rate", "unsafe"), "metric", "Did you mean 'toxicity_rate'?"),
    (score("sg_safety", "toxicity", "unsafe"), "metric", "Did you mean 'toxicity_rate'?"),
    (score("sg_safety", "similarity", "unsafe"), "metric", "Known: broken_rate, clean_refusal_rate"),
    (score("sg_safety", "raw", "unsafe"), "metric", "Known: broken_rate"),
    (score("toxigen", "clean_refusal_rate", "hate"), "metric", "Known: broken_rate"),
    (score("template_stress", "rejections", "safe"), "metric", "Did you mean 'rejection_rate'?"),
    (score("leaderboard", "normalized", "mean"), "metric", "Did you mean 'normalised'?"),
    (score("leaderboard", "accuracy", "mean"), "metric", "Known: normalised, raw"),
    (score("divergence", "cosine", "toxigen_hate"), "metric", "Known: similarity"),
    (score("sg_safety", "toxicity_rate", "unsfe"), "slice", "Did you mean 'unsafe'?"),
    (score("sg_safety", "toxicity_rate", "safe"), "slice", "Did you mean 'unsafe'?"),
    (score("sg_safety", "toxicity_rate", "safe:template=joke"), "slice", "Did you mean"),
    (score("sg_safety", "rejection_rate", "hate"), "slice", "Known: safe, unsafe"),
    (score("sg_safety", "rejection_rate", "Safe"), "slice", "Did you mean 'safe'?"),
    (score("sg_safety", "rejection_rate", "unsafe:template=jokes"), "slice", "Did you mean 'unsafe:template=joke'?"),
    (score("sg_safety", "rejection_rate", "safe:shared_templates"), "slice", "'unsafe:shared_templates'?"),
    (score("sg_safety", "broken_rate", "all"), "slice", "Known: safe, unsafe"),
    (score("toxigen", "toxicity_rate", "unsafe"), "slice", "Known: hate, neutral"),
    (score("toxigen", "toxicity_rate", "hateful"), "slice", "Did you mean 'hate'?"),
    (score("toxigen", "rejection_rate", "hate:template=joke"), "slice", "Known: hate, neutral"),
    (score("template_stress", "rejection_rate", "unsafely"), "slice", "Did you mean"),
    (score("leaderboard", "normalised", "mena"), "slice", "Did you mean 'mean'?"),
    (score("leaderboard", "raw", "mean"), "slice", "Known:"),
    (score("leaderboard", "raw", "mmlu"), "slice", "Did you mean 'mmlu_pro'?"),
    (score("divergence", "similarity", "unsafe"), "slice", "Known:"),
    (score("divergence", "similarity", "toxigen_unsafe"), "slice", "Did you mean"),
]
KNOWN = [
    score("sg_safety", "toxicity_rate", "unsafe"),
    score("sg_safety", "toxicity_rate", "unsafe:shared_templates"),
    score("sg_safety", "rejection_rate", "safe:template=reply_to"),
    score("toxigen", "toxicity_rate", "neutral:group=women"),
    score("leaderboard", "raw", "bbh_snarks"),
    score("leaderboard", "normalised", "mean"),
    score("divergence", "similarity", "sg_safety_unsafe"),
]


def objective(named: Mapping[str, str], **values: Any) -> Objective:
    return Objective.model_validate({"id": "x", "description": "", "kind": "primary", **named, **values})


def messages_of(project: ProjectDeclarations, **changes: Any) -> list[str]:
    problems = Problems()
    check_scores(replace(project.declared, **changes), project.tables, problems)
    return problems.messages


def with_objectives(project: ProjectDeclarations, *objectives: Objective) -> list[str]:
    profile = project.declared.profile.model_copy(update={"objectives": objectives})
    return messages_of(project, profile=profile)


def test_shipped_scores_exist(project: ProjectDeclarations) -> None:
    assert messages_of(project) == []


def test_scores_that_exist_may_be_named(project: ProjectDeclarations) -> None:
    assert with_objectives(project, *(objective(named, at_most=0.5) for named in KNOWN)) == []


def test_an_objective_about_a_score_that_does_not_exist_is_refused(project: ProjectDeclarations) -> None:
    wrong = [objective(named, at_most=0.5, id=f"x{index}") for index, (named, _, _) in enumerate(UNKNOWN)]
    messages = with_objectives(project, *wrong)
    assert len(messages) == len(UNKNOWN)
    for index, (named, key, remedy) in enumerate(UNKNOWN):
        assert messages[index].startswith(f"models/profiles/demo.yaml, objectives.x{index}.{key}: ")
        assert f"'{named[key]}'" in messages[index]
        assert remedy in messages[index], messages[index]


@pytest.mark.parametrize("kind", ["comparisons", "other_comparisons"])
def test_a_comparison_by_a_score_that_does_not_exist_is_refused(project: ProjectDeclarations, kind: str) -> None:
    pair = {"question": "", "variant": "kto", "against": "base", "asks": "lower"}
    wrong = tuple(
        Comparison.model_validate({"id": f"x{n}", **pair, **named}) for n, (named, _, _) in enumerate(UNKNOWN)
    )
    messages = messages_of(project, **{kind: wrong})
    assert [message.partition(":")[0] for message in messages] == [
        f"models/comparisons.yaml, x{index}.{key}" for index, (_, key, _) in enumerate(UNKNOWN)
    ]


def test_a_shown_or_published_score_that_does_not_exist_is_refused(project: ProjectDeclarations) -> None:
    benchmark = project.declared.benchmarks["toxigen"]
    shown = ShownScore(metric="toxicity_rate", slice="hat", title="", better="lower")
    benchmarks = {**project.declared.benchmarks, "toxigen": benchmark.model_copy(update={"shown": (shown,)})}
    number = PublishedNumber(variant="base", benchmark="leaderboard", metric="normalised", slice="average", value=1)
    published = Published(name="p", source="", numbers=(number,))
    profile = project.declared.profile.model_copy(update={"published": "p"})
    messages = messages_of(project, benchmarks=benchmarks, published=published, profile=profile)
    assert [message.partition(": ")[0] for message in messages] == [
        "models/benchmarks/toxigen.yaml, shown[0].slice", "models/published/p.yaml, numbers.slice",
    ]  # fmt: skip


SAFETY, BOARD = score("sg_safety", "rejection_rate", "safe"), score("leaderboard", "normalised", "mean")
OUTSIDE: list[tuple[dict[str, str], dict[str, Any], str]] = [
    (SAFETY, {"at_most": 5}, "Write 0.05 for 5 %. The nearest bound is 1."),
    (SAFETY, {"at_most": 1.01}, "The nearest bound is 1."),
    (SAFETY, {"at_most": 95.5}, "Write 0.955 for 95.5 %"),
    (SAFETY, {"at_most": 5000}, "The nearest bound is 1."),
    (SAFETY, {"at_least": -0.1}, "The nearest bound is 0."),
    (SAFETY, {"at_least": 2}, "The nearest bound is 1."),
    (SAFETY, {"at_most": -25, "against_base": True}, "Write -0.25 for -25 %. The nearest bound is -1."),
    (SAFETY, {"at_most": 2, "against_base": True}, "Write 0.02 for 2 %"),
    (SAFETY, {"at_least": -1.5, "against_base": True}, "The nearest bound is -1."),
    (BOARD, {"at_least": 101}, "The nearest bound is 100."),
    (BOARD, {"at_least": -5}, "The nearest bound is 0."),
    (BOARD, {"at_least": -500, "against_base": True}, "The nearest bound is -100."),
    (score("leaderboard", "raw", "bbh"), {"at_least": 40}, "Write 0.4 for 40 %"),
    (score("divergence", "similarity", "toxigen_hate"), {"at_least": 90}, "Write 0.9 for 90 %"),
]
INSIDE: list[tuple[dict[str, str], dict[str, Any]]] = [
    (SAFETY, {"at_most": 0}),
    (SAFETY, {"at_most": 1}),
    (SAFETY, {"at_most": -1, "against_base": True}),
    (BOARD, {"at_least": 100}),
    (BOARD, {"at_least": -5, "against_base": True}),
    (score("divergence", "similarity", "toxigen_hate"), {"at_least": -1}),
]


def test_a_bound_outside_of_what_the_score_can_be_is_refused(project: ProjectDeclarations) -> None:
    wrong = [objective(named, id=f"x{index}", **bound) for index, (named, bound, _) in enumerate(OUTSIDE)]
    messages = with_objectives(project, *wrong)
    assert len(messages) == len(OUTSIDE)
    for index, (_, bound, remedy) in enumerate(OUTSIDE):
        key, value = next(iter(bound.items()))
        assert messages[index].startswith(f"models/profiles/demo.yaml, objectives.x{index}.{key}: is {value:g}.")
        assert remedy in messages[index], messages[index]


def test_a_bound_at_the_ends_is_accepted(project: ProjectDeclarations) -> None:
    assert with_objectives(project, *(objective(named, **bound) for named, bound in INSIDE)) == []
