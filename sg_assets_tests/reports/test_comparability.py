"""Which scores may be compared: told from the versions on the way from a model to its score."""

from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.reports.comparability import measure, measured_differently, remarks
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.recipes import Recipe
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing
from sg_assets_tests.store.test_marks import accepted

pytestmark = pytest.mark.slow


def scored(store: Store, variant: str, run: str, *, cut: float = 0.5) -> Manifest:
    """A score on its way from a model over answers and judgements, with what it is measured with read at each step."""
    step(store, f"models/chat[{variant}]", writing(ROWS.with_columns(variant_of=len(variant))), run_id=run)
    step(store, f"responses/b[{variant}]", writing(ROWS), [f"models/chat[{variant}]", "templated/prompts"], run_id=run)
    judged = [f"responses/b[{variant}]", "judges/toxicity"]
    step(
        store,
        f"judgements/b[{variant}]",
        writing(ROWS),
        judged,
        made_by=recipe(thresholds={"is_toxic": cut}),
        run_id=run,
    )
    return step(store, f"scores/b[{variant}]", writing(ROWS), [f"judgements/b[{variant}]"], run_id=run).manifest


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path)
    step(store, "templated/prompts", writing(ROWS), run_id="1")
    step(store, "judges/toxicity", writing(ROWS), run_id="1")
    return store


def differing(store: Store, a: Manifest, b: Manifest) -> list[str]:
    return measured_differently(measure(store, a), measure(store, b))


def test_other_models_are_measured_alike(store: Store) -> None:
    assert differing(store, scored(store, "base", "2"), scored(store, "reference", "2")) == []


def test_other_prompts_are_named(store: Store) -> None:
    before = scored(store, "base", "2")
    step(store, "templated/prompts", writing(ROWS.head(2)), made_by=recipe(seed=1), run_id="3")
    assert differing(store, before, scored(store, "reference", "4")) == ["templated/prompts"]


def test_equal_prompts_made_again_are_alike(store: Store) -> None:
    before = scored(store, "base", "2")
    step(store, "templated/prompts", writing(ROWS.reverse()), made_by=recipe(seed=1), run_id="3")
    assert differing(store, before, scored(store, "reference", "4")) == []


def test_another_judge_is_named(store: Store) -> None:
    before = scored(store, "base", "2")
    step(store, "judges/toxicity", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="3")
    assert differing(store, before, scored(store, "reference", "4")) == ["judges/toxicity"]


def test_another_threshold_is_named(store: Store) -> None:
    before, after = scored(store, "base", "2"), scored(store, "reference", "2", cut=0.6)
    assert differing(store, before, after) == ["thresholds.is_toxic of judgements/b"]


def test_the_score_made_last_says_how_it_is_measured_now(store: Store) -> None:
    before, comparable = scored(store, "base", "2"), scored(store, "reference", "2")
    last = scored(store, "sft", "3", cut=0.6)
    notes = remarks(store, [before, last, comparable])
    assert notes[last.version] == ""
    assert notes[before.version] == notes[comparable.version]
    assert notes[before.version] == (
        "not comparable with scores/b[sft]: measured with other thresholds.is_toxic of judgements/b"
    )


def by_query(digest: str) -> Recipe:
    return replace(recipe(), code=Code(fingerprint=digest, texts={"sql/scores/b.sql": digest}))


def test_a_score_accepted_as_made_by_another_query_is_measured_as_that_one(store: Store) -> None:
    before = step(store, "scores/b[base]", writing(ROWS), made_by=by_query("old")).manifest
    after = step(store, "scores/b[reference]", writing(ROWS), made_by=by_query("new")).manifest
    assert differing(store, before, after) == ["sql/scores/b.sql"]
    store.marks.append(before.ref, accepted(before, by_query("new")))
    assert differing(store, before, after) == []
