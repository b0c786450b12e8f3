"""Every edit is named with its kind and the asset partitions it enters at, and no other cause is."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.lineage.causes import Kind
from sg_assets.lineage.walk import Explanation, explain
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.workspace import Workspace
from sg_assets_tests.lineage.world import JUDGE_MODULE, METRICS, PROMPTS, World
from sg_assets_tests.store.steps import new_store, recipe, step

pytestmark = pytest.mark.slow

TEMPLATES = dict(World().templates)
EDITS: list[tuple[dict[str, Any], Kind, tuple[str, ...], str]] = [
    ({"templates": TEMPLATES | {"reply_to": "Answer: {text}"}}, Kind.TEMPLATE, ("templated/templates",), "reply_to"),
    ({"thresholds": {"is_toxic": 0.8, "is_refusal": 0.5}}, Kind.THRESHOLD, ("judgements/sg_safety[sft_r128]",),
     "thresholds.is_toxic"),
    ({"comments": 50}, Kind.ROWS, ("raw/forum_comments",), "forum.jsonl"),
    ({"rank": 64}, Kind.TRAINING, ("adapters/sft[sft_r128]",), "rank"),
    ({"learning_rate": 0.002}, Kind.TRAINING, ("adapters/sft[sft_r128]",), "learning_rate"),
    ({"torch": "2.14.0"}, Kind.LIBRARY, ("adapters/sft[sft_r128]", "responses/sg_safety[sft_r128]"), "torch"),
    ({"seed": 1}, Kind.SEED, ("models/chat[base]",), "seed"),
    ({"parent": "sft_r8"}, Kind.PARENT, ("adapters/sft[sft_r128]",), "adapters/sft"),
    ({"prompts_sql": PROMPTS + "WHERE c.label = 'unsafe'"}, Kind.SQL,
     ("templated/prompts",), "sql/templated/prompts.sql"),
    ({"judge_module": JUDGE_MODULE.replace("% 10", "% 9")}, Kind.CODE, ("judges/toxicity",),
     "sg_assets.judging.linear.score"),
    ({"metrics_sql": METRICS.replace("label = 'unsafe'", "label = 'safe'")}, Kind.SQL,
     ("scores/sg_safety[sft_r128]",), "sql/scores/sg_safety.sql"),
]  # fmt: skip


def edited(store: Store, before: Manifest, **edits: Any) -> Explanation:
    return explain(store, before, replace(World(), **edits).build(store, "after"))


@pytest.mark.parametrize(("edits", "kind", "places", "name"), EDITS, ids=[next(iter(edit[0])) for edit in EDITS])
def test_an_edit_is_named_and_nothing_else(
    store: Store, before: Manifest, edits: dict[str, Any], kind: Kind, places: tuple[str, ...], name: str
) -> None:
    causes = edited(store, before, **edits).causes
    assert [(cause.kind, cause.places, cause.name) for cause in causes] == [(kind, places, name)]


@pytest.mark.parametrize(
    "edits",
    [
        {"prompts_sql": PROMPTS.replace("SELECT", "-- every text in every template\nSELECT", 1)},
        {"judge_module": JUDGE_MODULE.replace("by its words", "by its letters")},
        {"prompts_sql": PROMPTS + "WHERE true"},
        {},
    ],
    ids=["comment in SQL", "comment in a module", "equal rows by another query", "a rerun"],
)
def test_what_changes_nothing_names_nothing(store: Store, before: Manifest, edits: dict[str, Any]) -> None:
    explanation = edited(store, before, **edits)
    assert explanation.equal
    assert explanation.causes == ()


def test_only_what_differs_is_on_the_way_and_the_rest_is_said_to_be_equal(store: Store, before: Manifest) -> None:
    explanation = edited(store, before, rank=64)
    assert [changed.name for changed in explanation.changed] == [
        "adapters/sft[sft_r128]", "responses/sg_safety[sft_r128]", "judgements/sg_safety[sft_r128]",
        "scores/sg_safety[sft_r128]",
    ]  # fmt: skip
    assert explanation.changed[1].reads == ("adapters/sft[sft_r128]",)
    assert set(explanation.changed[1].same) == {"templated/prompts", "models/chat[base]"}
    assert explanation.trained


def test_another_adapter_is_another_training_though_none_was_trained_anew(store: Store, before: Manifest) -> None:
    answers = Ref.parse("responses/sg_safety[sft_r128]")
    old = store.required_head(answers)
    bare = old.model_copy(update={"inputs": old.inputs[:-1], "fingerprint": "f" * 32})
    explanation = explain(store, bare, old)
    assert [(cause.kind, cause.old, cause.new) for cause in explanation.causes] == [
        (Kind.ADAPTER, None, "adapters/sft[sft_r128]")
    ]
    assert explanation.trained


def test_a_threshold_stands_behind_no_training(store: Store, before: Manifest) -> None:
    assert not edited(store, before, thresholds={"is_toxic": 0.8, "is_refusal": 0.5}).trained


def test_several_edits_are_each_named_with_old_and_new_value(store: Store, before: Manifest) -> None:
    causes = edited(store, before, rank=64, seed=3, max_new_tokens=24).causes
    assert [(cause.kind, cause.old, cause.new) for cause in causes] == [
        (Kind.SAMPLING, 48, 24), (Kind.TRAINING, "32 (declared 128)", "16 (declared 64)"), (Kind.SEED, 0, 3),
    ]  # fmt: skip


def test_texts_come_with_a_diff(store: Store, before: Manifest) -> None:
    [template] = edited(store, before, templates=TEMPLATES | {"reply_to": "Answer: {text}"}).causes
    assert template.diff is not None
    assert "-Reply to this: {text}\n+Answer: {text}" in template.diff


def test_the_diff_of_a_query_is_in_lines(store: Store, before: Manifest) -> None:
    [sql] = edited(store, before, prompts_sql=PROMPTS + "WHERE c.label = 'unsafe'").causes
    assert sql.diff is not None
    assert "+WHERE" in sql.diff
    assert " FROM raw.forum_comments AS c" in sql.diff


def test_a_template_that_is_new_has_no_old_value(store: Store, before: Manifest) -> None:
    [added] = edited(store, before, templates=TEMPLATES | {"joke": "Joke about {text}"}).causes
    assert (added.kind, added.name, added.old) == (Kind.TEMPLATE, "joke", None)
    assert added.new == {"template": "Joke about {text}"}


def test_another_variant_differs_by_what_it_declares(store: Store, before: Manifest) -> None:
    other = replace(World(), variant="sft_r64", rank=64).build(store, "after")
    explanation = explain(store, before, other)
    assert [(cause.kind, cause.name) for cause in explanation.causes] == [(Kind.TRAINING, "rank")]
    assert explanation.changed[-1].name == "scores/sg_safety[sft_r128] -> scores/sg_safety[sft_r64]"


def test_answers_of_the_cache_count_by_the_library_they_were_generated_with(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    pin = next(pin for pin in after.inputs if pin.asset == "judgements/sg_safety")
    answers = store.manifest(
        Ref.parse("responses/sg_safety[sft_r128]"), store.manifest(pin.ref, pin.version).inputs[0].version
    )
    answers.libraries["torch"] = "2.14.0"  # installed by now; its answers tell 2.13.0
    assert [cause.kind for cause in explain(store, before, after).causes] == [Kind.TRAINING]


def test_a_removed_manifest_is_an_unknown_cause_not_an_error(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "manifests/adapters/sft/sft_r128").glob("*.json"):
        path.unlink()
    [cause] = explain(Store(store.root, "demo"), before, after).causes
    assert (cause.kind, cause.places) == (Kind.UNKNOWN, ("adapters/sft[sft_r128]",))
    assert "is gone" in cause.note


def test_a_manifest_of_an_older_format_is_an_unknown_cause(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "manifests/adapters/sft/sft_r128").glob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
    [cause] = explain(Store(store.root, "demo"), before, after).causes
    assert cause.kind is Kind.UNKNOWN
    assert "cannot be read" in cause.note


def test_a_source_text_that_was_not_kept_is_an_unknown_cause(store: Store, before: Manifest) -> None:
    after = World(judge_module=JUDGE_MODULE.replace("% 10", "% 9")).build(store, "after")
    for path in (store.home / "code").glob("*.txt"):
        path.unlink()
    [cause] = explain(store, before, after).causes
    assert (cause.kind, cause.name) == (Kind.UNKNOWN, "code")


def test_other_content_from_the_same_recipe_is_told_as_such(store: Store, before: Manifest) -> None:
    after = before.model_copy(update={"fingerprint": "f" * 32})
    [cause] = explain(store, before, after).causes
    assert cause.kind is Kind.NOT_REPEATED


def test_fingerprints_of_different_algorithms_cannot_be_compared(store: Store, before: Manifest) -> None:
    after = before.model_copy(update={"fingerprint": "f" * 32, "algorithm": "other-v2"})
    [cause] = explain(store, before, after).causes
    assert (cause.kind, cause.old, cause.new) == (Kind.UNKNOWN, before.algorithm, "other-v2")


def test_a_table_that_is_not_reproducible_may_differ_by_chance_alone(tmp_path: Path) -> None:
    store = new_store(tmp_path)

    def drawing(number: int) -> Callable[[Workspace], None]:
        def work(workspace: Workspace) -> None:
            workspace.write_table(pl.DataFrame({"id": [number]}))
            workspace.details["not_reproducible"] = ["random draws by chance"]

        return work

    before = step(store, "raw/t", drawing(1)).manifest
    after = step(store, "raw/t", drawing(2), made_by=recipe("two")).manifest
    notes = {cause.kind: cause.note for cause in explain(store, before, after).causes}
    assert notes[Kind.NOT_REPEATED] == "Declared as not reproducible: random draws by chance."
