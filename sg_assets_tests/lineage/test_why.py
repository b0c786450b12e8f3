"""All of it together, on real versions."""

import pytest

from sg_assets.lineage.scores.ledger import Part
from sg_assets.lineage.scores.significance import Verdict
from sg_assets.lineage.why import why
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import METRICS, World
from sg_assets_tests.store.steps import recipe
from sg_assets_tests.store.test_marks import accepted, mark

STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


@pytest.fixture
def stricter(store: Store) -> Manifest:
    return STRICTER.build(store, "after")


def test_tables_on_the_way_are_compared_and_scores_are_not(store: Store, before: Manifest, stricter: Manifest) -> None:
    found = why(store, before, stricter)
    assert [one.name for one in found.tables] == ["judgements/sg_safety[sft_r128]"]
    rows = found.tables[0].rows
    assert rows is not None
    assert [name for name, _ in rows.columns] == ["is_toxic"]


def test_a_verdict_is_moved_where_no_training_lies_between(store: Store, before: Manifest, stricter: Manifest) -> None:
    [toxicity] = [one for one in why(store, before, stricter).whole if one.change.metric == "toxicity_rate"]
    assert toxicity.significance.verdict is Verdict.MOVED
    assert toxicity.change.change == toxicity.change.entries[0].change > 0


def test_moved_items_are_shown_the_worst_first_without_texts(
    store: Store, before: Manifest, stricter: Manifest
) -> None:
    [toxicity] = [one for one in why(store, before, stricter).whole if one.change.metric == "toxicity_rate"]
    assert len(toxicity.flips) == 10
    for flip in toxicity.flips:
        assert (flip.part, flip.before, flip.after, flip.worse) == (Part.THRESHOLD, 0.0, 1.0, True)
        assert 0.3 <= float(flip.score_after) < 0.5
        assert flip.texts is None


def test_which_way_is_good_may_be_declared(store: Store, before: Manifest, stricter: Manifest) -> None:
    found = why(store, before, stricter, better={("toxicity_rate", "unsafe"): "higher"})
    [toxicity] = [one for one in found.whole if one.change.metric == "toxicity_rate"]
    assert {flip.worse for flip in toxicity.flips} == {False}


def test_an_item_that_got_worse_comes_before_those_that_got_better(store: Store, before: Manifest) -> None:
    after = World(rank=64, comments=200).build(store, "after")
    again = World(rank=32, comments=200).build(store, "again")
    shown = [[flip.worse for flip in one.flips] for one in why(store, after, again).whole]
    assert all(worse == sorted(worse, reverse=True) for worse in shown)
    assert any(len(set(worse)) == 2 for worse in shown)


def test_an_acceptance_of_either_version_is_noted(store: Store, before: Manifest, stricter: Manifest) -> None:
    assert why(store, before, stricter).notes == ()
    name = store.marks.append(before.ref, accepted(before, recipe("new")))
    [note] = why(store, before, stricter).notes
    assert note.startswith(f"{before.ref} {before.version} was accepted on")
    assert note.endswith("as made by the code of that day: renamed")
    store.marks.append(before.ref, mark("undone", before.version, undoes=name))
    assert why(store, before, stricter).notes == ()


def test_texts_are_shown_on_request(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    found = why(store, before, after, with_text=True)
    texts = [flip.texts for one in found.whole for flip in one.flips]
    assert texts
    for one in texts:
        assert one is not None
        assert one.prompt_before == one.prompt_after
        assert one.response_before != one.response_after


def test_the_name_of_a_variant_changes_no_row(store: Store, before: Manifest) -> None:
    other = World(variant="sft_r64", rank=64).build(store, "other")
    [answers] = [one for one in why(store, before, other).tables if one.name.startswith("responses/")]
    assert answers.rows is not None
    assert 0 < answers.rows.changed < answers.rows.after
    assert [name for name, _ in answers.rows.columns] == ["response"]


def test_equal_versions_have_nothing_to_tell(store: Store, before: Manifest) -> None:
    found = why(store, before, World().build(store, "again"))
    assert (found.explanation.equal, found.tables, found.scores) == (True, (), ())


def test_what_is_no_score_has_causes_and_rows_and_no_ledger(store: Store, before: Manifest) -> None:
    prompts = Ref.parse("templated/prompts")
    old = store.required_head(prompts)
    World(comments=50).build(store, "after")
    found = why(store, old, store.required_head(prompts))
    assert [one.name for one in found.tables] == ["raw/forum_comments", "templated/prompts"]
    assert found.scores == ()


def test_a_metric_of_one_version_only_is_named(store: Store, before: Manifest) -> None:
    after = World(metrics_sql=METRICS.replace("'rejection_rate'", "'refusals'")).build(store, "after")
    found = why(store, before, after)
    assert found.only_before == ("rejection_rate, safe", "rejection_rate, unsafe")
    assert found.only_after == ("refusals, safe", "refusals, unsafe")


def test_a_pruned_table_is_told_not_raised(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "objects/responses/sg_safety").glob("*.parquet"):
        path.unlink()
    found = why(store, before, after)
    [answers] = [one for one in found.tables if one.name.startswith("responses/")]
    assert answers.rows is None
    assert "is gone" in answers.lost
    assert "is gone" in found.lost[0]


def test_lost_values_leave_the_causes(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "objects/scores/sg_safety_items").glob("*.parquet"):
        path.unlink()
    found = why(store, before, after)
    assert found.scores == ()
    assert found.explanation.causes
    assert "cannot be accounted for" in found.lost[0]
