"""Scores made on another kind of machine are marked, and compared all the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.reports.comparability import measure, measured_differently
from sg_assets.reports.machine_marks import kinds_behind, machine_kinds_text, machine_remarks
from sg_assets.store.machine_record import Machine
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.machines import machine
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing

pytestmark = pytest.mark.slow

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


def remarks_of(store: Store, *scores: Manifest) -> dict[str | None, str]:
    remarks = machine_remarks(store, scores)
    return {score.partition: remarks[score.version] for score in scores}


def test_the_score_made_elsewhere_is_marked_and_the_others_are_not(store: Store) -> None:
    others = [scored(store, name) for name in ("base", "one")]
    odd = scored(store, "two", answered=machine("AVX2"))
    assert remarks_of(store, *others, odd) == {
        "base": "", "one": "",
        "two": "made on another kind of machine (instruction set AVX2, others AVX512)",
    }  # fmt: skip


def test_it_is_compared_all_the_same(store: Store) -> None:
    first, odd = scored(store, "one"), scored(store, "two", answered=machine("AVX2"))
    assert measured_differently(measure(store, first), measure(store, odd)) == []


def test_of_as_many_on_each_the_older_is_marked(store: Store) -> None:
    remark = remarks_of(store, scored(store, "one", answered=machine("AVX2")), scored(store, "two"))
    assert remark == {"one": "made on another kind of machine (instruction set AVX2, others AVX512)", "two": ""}


def test_an_adapter_that_was_trained_elsewhere_marks_its_score(store: Store) -> None:
    scores = [scored(store, name, trained=USUAL) for name in ("one", "two")]
    odd = scored(store, "three", trained=machine("AVX512", gpu="H200"))
    assert remarks_of(store, scored(store, "base"), *scores, odd) == {
        "base": "", "one": "", "two": "", "three": "made on another kind of machine (GPU H200, others none)",
    }  # fmt: skip


def test_declared_threads_of_a_training_are_no_other_machine(store: Store) -> None:
    scores = [
        scored(store, name, trained=machine(threads=n)) for n, name in enumerate(("one", "two", "three"), start=1)
    ]
    assert set(remarks_of(store, *scores).values()) == {""}


def test_of_what_does_not_tell_nothing_is_claimed(store: Store) -> None:
    scores = [scored(store, "one"), scored(store, "two"), scored(store, "old", answered=None)]
    assert remarks_of(store, *scores) == {"one": "", "two": "", "old": ""}
    assert kinds_behind(store, scores[-1]) == {}


def test_scores_of_other_benchmarks_are_no_others(store: Store) -> None:
    scores = [scored(store, "one"), scored(store, "two", answered=machine("AVX2"), benchmark="c")]
    assert set(remarks_of(store, *scores).values()) == {""}


def test_many_differences_are_counted(store: Store) -> None:
    odd = machine("AVX2", threads=9, blas=("x",), gpu="H200", cuda="12", about={"cpu": "other"})
    remark = remarks_of(store, scored(store, "one"), scored(store, "two"), scored(store, "odd", answered=odd))["odd"]
    assert remark == (
        "made on another kind of machine (instruction set AVX2, others AVX512; threads 9, others 2; linear algebra x,"
        " others MKL 2024.2 and 2 more)"
    )


def test_a_kind_is_told_in_a_few_words(store: Store) -> None:
    version = scored(store, "one")
    assert machine_kinds_text(version) == "not recorded"
    gpu = machine("AVX512", gpu="H200", cuda="12.8")
    assert machine_kinds_text(version.model_copy(update={"machines": (USUAL, gpu)})) == (
        "AVX512, 2 threads; H200, CUDA 12.8, AVX512, 2 threads"
    )
