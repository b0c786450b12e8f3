"""Scores made on another kind of machine are marked, and compared all the same."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sg_assets.reports.comparability import measure, measured_otherwise
from sg_assets.reports.machine_marks import kinds_behind, machine_remarks, told_kind
from sg_assets.reports.render import markdown, terminal
from sg_assets.reports.render.number_text import MACHINE_MARK, MARK, marked
from sg_assets.reports.results import MetricColumn, Results, VariantNote, results
from sg_assets.store.machine_record import Machine
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.machines import machine
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing

USUAL = machine("AVX512")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def scored(
    store: Store,
    variant: str,
    *,
    answered: Machine | None = USUAL,
    trained: Machine | None = None,
    benchmark: str = "b",
) -> Manifest:
    """A score of answers and, where it was trained, an adapter, each made on a machine."""
    adapter, answers = f"adapters/sft[{variant}]", f"responses/{benchmark}[{variant}]"
    if trained:
        step(store, adapter, working_on(trained), made_by=recipe(variant=variant), run_id=variant)
    read = [adapter] if trained else []
    step(store, answers, working_on(answered), read, made_by=recipe(variant=variant), run_id=variant)
    return step(store, f"scores/{benchmark}[{variant}]", writing(ROWS), [answers], run_id=variant).manifest


def working_on(where: Machine | None) -> Callable[[Workspace], None]:
    def work(space: Workspace) -> None:
        space.write_table(ROWS)
        space.ran_on([where] if where else [])

    return work


def told(store: Store, *scores: Manifest) -> dict[str | None, str]:
    remarks = machine_remarks(store, scores)
    return {score.partition: remarks[score.version] for score in scores}


def test_the_score_made_elsewhere_is_marked_and_the_others_are_not(store: Store) -> None:
    others = [scored(store, name) for name in ("base", "one")]
    odd = scored(store, "two", answered=machine("AVX2"))
    assert told(store, *others, odd) == {
        "base": "", "one": "",
        "two": "made on another kind of machine (instruction set AVX2, others AVX512)",
    }  # fmt: skip


def test_it_is_compared_all_the_same(store: Store) -> None:
    one, odd = scored(store, "one"), scored(store, "two", answered=machine("AVX2"))
    assert measured_otherwise(measure(store, one), measure(store, odd)) == []


def test_of_as_many_on_each_the_older_is_marked(store: Store) -> None:
    found = told(store, scored(store, "one", answered=machine("AVX2")), scored(store, "two"))
    assert found == {"one": "made on another kind of machine (instruction set AVX2, others AVX512)", "two": ""}


def test_an_adapter_that_was_trained_elsewhere_marks_its_score(store: Store) -> None:
    scores = [scored(store, name, trained=USUAL) for name in ("one", "two")]
    odd = scored(store, "three", trained=machine("AVX512", gpu="H200"))
    assert told(store, scored(store, "base"), *scores, odd) == {
        "base": "", "one": "", "two": "", "three": "made on another kind of machine (GPU H200, others none)",
    }  # fmt: skip


def test_declared_threads_of_a_training_are_no_other_machine(store: Store) -> None:
    scores = [
        scored(store, name, trained=machine(threads=n)) for n, name in enumerate(("one", "two", "three"), start=1)
    ]
    assert set(told(store, *scores).values()) == {""}


def test_of_what_does_not_tell_nothing_is_claimed(store: Store) -> None:
    scores = [scored(store, "one"), scored(store, "two"), scored(store, "old", answered=None)]
    assert told(store, *scores) == {"one": "", "two": "", "old": ""}
    assert kinds_behind(store, scores[-1]) == {}


def test_scores_of_other_benchmarks_are_no_others(store: Store) -> None:
    scores = [scored(store, "one"), scored(store, "two", answered=machine("AVX2"), benchmark="c")]
    assert set(told(store, *scores).values()) == {""}


def test_many_differences_are_counted(store: Store) -> None:
    odd = machine("AVX2", threads=9, blas=("x",), gpu="H200", cuda="12", about={"cpu": "other"})
    found = told(store, scored(store, "one"), scored(store, "two"), scored(store, "odd", answered=odd))["odd"]
    assert found == (
        "made on another kind of machine (instruction set AVX2, others AVX512; threads 9, others 2; linear algebra x,"
        " others MKL 2024.2 and 2 more)"
    )


def test_a_kind_is_told_in_a_few_words(store: Store) -> None:
    version = scored(store, "one")
    assert told_kind(version) == "not recorded"
    gpu = machine("AVX512", gpu="H200", cuda="12.8")
    assert told_kind(version.model_copy(update={"machines": (USUAL, gpu)})) == (
        "AVX512, 2 threads; H200, CUDA 12.8, AVX512, 2 threads"
    )


COLUMN = MetricColumn("b", "toxicity_rate", "unsafe", "Toxic", "lower")


def shown(**remarks: str) -> Results:
    row = {"benchmark": "b", "variant": "base", "metric": "toxicity_rate", "slice": "unsafe", "value": 0.5, "low": 0.4,
           "high": 0.6, "n": 10, "clusters": 10, "level": 0.95, "method": "m", "version": "v", **remarks}  # fmt: skip
    return results(pl.DataFrame([row]), [VariantNote("base", "", "none")], [COLUMN])


def test_a_mark_of_its_own_stands_beside_the_number_and_is_told_below() -> None:
    found = shown(machine="made elsewhere", remark="not comparable")
    assert marked(found) == [(MARK, "base", "not comparable"), (MACHINE_MARK, "base", "made elsewhere")]
    assert f"50.0 %{MARK}{MACHINE_MARK}" in markdown.table(found)
    assert f"{MACHINE_MARK} base: made elsewhere" in markdown.table(found)
    assert f"{MACHINE_MARK} base: made elsewhere" in str(terminal.table(found).caption)


def test_where_nothing_is_to_be_said_there_is_no_mark() -> None:
    assert MACHINE_MARK not in markdown.table(shown())
