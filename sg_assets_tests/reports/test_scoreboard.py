"""Columns and cautions of reports."""

from types import SimpleNamespace
from typing import Any

from sg_assets.reports.scoreboard import cautions, shown_columns, skill_columns, variant_notes


def declared(**changes: Any) -> Any:
    profile = SimpleNamespace(is_demo_judge=lambda _: True, real_chat_models=(), leaderboard=None)
    return SimpleNamespace(**{"profile": profile, "judges": {"toxicity": None}, "benchmarks": {}, **changes})


def benchmark(name: str, divergence: Any = None) -> Any:
    score = SimpleNamespace(
        metric="toxicity_rate", slice="unsafe", title="Toxic", better="lower", headline=True, axis=None
    )
    return SimpleNamespace(name=name, shown=[score], divergence=divergence)


def test_columns_come_in_the_order_declared_and_only_of_what_is_scored() -> None:
    divergence = SimpleNamespace(shown=["unsafe", "safe"])
    benchmarks = {name: benchmark(name) for name in ("toxigen", "unscored")}
    benchmarks["sg_safety"] = benchmark("sg_safety", divergence)
    columns = shown_columns(
        declared(benchmarks=benchmarks),
        ["scores/sg_safety", "scores/toxigen", "scores/leaderboard", "scores/divergence"],
    )
    assert [(column.benchmark, column.slice, column.unit) for column in columns] == [
        ("toxigen", "unsafe", "share"), ("sg_safety", "unsafe", "share"), ("leaderboard", "mean", "score"),
        ("divergence", "sg_safety_unsafe", "cosine"), ("divergence", "sg_safety_safe", "cosine"),
    ]  # fmt: skip


def test_every_task_of_the_leaderboard_has_a_column_where_one_is_declared() -> None:
    assert skill_columns(declared()) == ()
    profile = SimpleNamespace(judges={}, leaderboard=SimpleNamespace(tasks=["bbh", "gpqa"]))
    assert [column.title for column in skill_columns(declared(profile=profile))] == [
        "Leaderboard, bbh", "Leaderboard, gpqa",
    ]  # fmt: skip


def test_variants_are_noted_in_the_order_declared() -> None:
    variants = {name: SimpleNamespace(name=name, description="x", method="sft") for name in ("b", "a")}
    assert [note.variant for note in variant_notes(declared(declared_variants=variants))] == ["b", "a"]


def test_demo_judges_are_a_caution_and_more_so_for_own_comments() -> None:
    assert [len(cautions(declared(), own_comments=own)) for own in (False, True)] == [1, 2]
    real = SimpleNamespace(is_demo_judge=lambda _: False, leaderboard=None)
    assert cautions(declared(profile=real), own_comments=True) == []


def test_demo_judges_of_real_models_are_the_first_caution() -> None:
    real = SimpleNamespace(is_demo_judge=lambda _: True, leaderboard=None, real_chat_models=("base",))
    [caution] = cautions(declared(profile=real), own_comments=False)
    assert "scored answers of models that were not made here (base)" in caution
