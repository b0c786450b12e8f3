"""Whole comparisons of real versions."""

import pytest

from sg_assets.lineage.render.json_documents import as_json
from sg_assets.lineage.render.score_move_text import moves_line, moves_table
from sg_assets.lineage.render.why_markdown import document, summary
from sg_assets.lineage.render.why_page import page
from sg_assets.lineage.scores.score_move import MoveFinding, score_moves
from sg_assets.lineage.scores.significance import ChangeVerdict
from sg_assets.lineage.why import Why, why
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.lineage.render.views import terminal
from sg_assets_tests.lineage.world import METRICS, World
from sg_assets_tests.store.steps import recipe
from sg_assets_tests.store.test_marks import accepted, mark

pytestmark = pytest.mark.slow

STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


@pytest.fixture
def stricter(store: Store) -> Manifest:
    return STRICTER.build(store, "after")


def test_tables_on_the_way_are_compared_and_scores_are_not(store: Store, before: Manifest, stricter: Manifest) -> None:
    comparison = why(store, before, stricter)
    assert [table.name for table in comparison.tables] == ["judgements/sg_safety[sft_r128]"]
    rows = comparison.tables[0].rows
    assert rows is not None
    assert [name for name, _ in rows.columns] == ["is_toxic"]


def test_a_verdict_is_moved_where_no_training_lies_between(store: Store, before: Manifest, stricter: Manifest) -> None:
    [toxicity] = [score for score in why(store, before, stricter).whole if score.change.metric == "toxicity_rate"]
    assert toxicity.significance.verdict is ChangeVerdict.MOVED
    assert toxicity.change.change == toxicity.change.entries[0].change > 0


def test_an_acceptance_of_either_version_is_noted(store: Store, before: Manifest, stricter: Manifest) -> None:
    assert why(store, before, stricter).notes == ()
    name = store.marks.append(before.ref, accepted(before, recipe("new")))
    [note] = why(store, before, stricter).notes
    assert note.startswith(f"{before.ref} {before.version} was accepted on")
    assert note.endswith("as made by the code of that day: renamed")
    store.marks.append(before.ref, mark("undone", before.version, undoes=name))
    assert why(store, before, stricter).notes == ()


def test_the_name_of_a_variant_changes_no_row(store: Store, before: Manifest) -> None:
    other = World(variant="sft_r64", rank=64).build(store, "other")
    [answers] = [table for table in why(store, before, other).tables if table.name.startswith("responses/")]
    assert answers.rows is not None
    assert 0 < answers.rows.changed < answers.rows.after
    assert [name for name, _ in answers.rows.columns] == ["response"]


def test_equal_versions_have_nothing_to_tell(store: Store, before: Manifest) -> None:
    comparison = why(store, before, World().build(store, "again"))
    assert (comparison.explanation.equal, comparison.tables, comparison.scores) == (True, (), ())


def test_what_is_no_score_has_causes_and_rows_and_no_ledger(store: Store, before: Manifest) -> None:
    prompts = Ref.parse("templated/prompts")
    old = store.required_head(prompts)
    World(comments=50).build(store, "after")
    comparison = why(store, old, store.required_head(prompts))
    assert [table.name for table in comparison.tables] == ["raw/forum_comments", "templated/prompts"]
    assert comparison.scores == ()


def test_a_metric_of_one_version_only_is_named(store: Store, before: Manifest) -> None:
    after = World(metrics_sql=METRICS.replace("'rejection_rate'", "'refusals'")).build(store, "after")
    comparison = why(store, before, after)
    assert comparison.only_before == ("rejection_rate, safe", "rejection_rate, unsafe")
    assert comparison.only_after == ("refusals, safe", "refusals, unsafe")


def test_a_pruned_table_is_told_not_raised(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "objects/responses/sg_safety").glob("*.parquet"):
        path.unlink()
    comparison = why(store, before, after)
    [answers] = [table for table in comparison.tables if table.name.startswith("responses/")]
    assert answers.rows is None
    assert "is gone" in answers.lost
    assert "is gone" in comparison.lost[0]


def test_lost_values_leave_the_causes(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "objects/scores/sg_safety_items").glob("*.parquet"):
        path.unlink()
    comparison = why(store, before, after)
    assert comparison.scores == ()
    assert comparison.explanation.causes
    assert "cannot be divided among items" in comparison.lost[0]


@pytest.fixture
def disjoint(store: Store, before: Manifest) -> Why:
    """Every template has another name, so that no item has the id that it had."""
    templates = {f"{name}_2": text for name, text in World().templates.items()}
    return why(store, before, World(templates=templates).build(store, "after"), rows=False)


def test_scores_without_a_shared_item_cannot_be_compared(disjoint: Why) -> None:
    assert {score.significance.verdict for score in disjoint.scores} == {ChangeVerdict.INCOMPARABLE}
    for form in (terminal, document, page, summary, as_json):
        shown = " ".join(form(disjoint).split()).lower()
        assert "cannot be compared: no item is in both versions" in shown
        assert "did not move" not in shown
    for form in (terminal, document, page, summary):
        assert "items removed" not in form(disjoint)
        assert "moved by more than noise" not in form(disjoint).split("Parts of a label")[0]


def test_the_check_of_moves_says_that_nothing_could_be_compared(disjoint: Why) -> None:
    moves = score_moves(disjoint, {("toxicity_rate", "unsafe"): 0.01, ("rejection_rate", "safe"): None})
    assert {move.finding for move in moves} == {MoveFinding.INCOMPARABLE}
    assert moves_line(moves) == (
        "cannot be compared, because no item is in both versions: toxicity_rate, unsafe, rejection_rate, safe"
    )
    assert "cannot be compared" in moves_table(moves)
