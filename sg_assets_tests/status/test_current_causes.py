"""How today's recipe of a partition differs from that of its current version."""

from dataclasses import replace

from sg_assets.lineage.causes import Kind
from sg_assets.status.current_causes import input_changes, library_changes, recipe_changes, value_changes
from sg_assets.store.refs import Ref
from sg_assets_tests.status.accepting import SFT
from sg_assets_tests.status.small import COMMENTS, TABLE, SmallGraph


def test_equal_recipes_have_no_cause(built: SmallGraph) -> None:
    head, table = built.store.required_head(SFT), built.store.required_head(TABLE)
    assert list(recipe_changes(built.store, head, built.recipe(SFT), {TABLE: table})) == []


def test_an_input_may_be_new_gone_or_of_other_content(built: SmallGraph) -> None:
    head, comments = built.store.required_head(SFT), built.store.required_head(COMMENTS)
    table = built.store.required_head(TABLE).model_copy(update={"fingerprint": "0" * 32})
    [gone, new] = input_changes(str(SFT), head, {COMMENTS: comments})
    assert (gone.name, gone.note, new.name, new.note) == (
        "templated/prompts", "is no longer read", "raw/comments", "was not read before",
    )  # fmt: skip
    [changed] = input_changes(str(SFT), head, {TABLE: table})
    assert (changed.kind, changed.old, changed.new) == (Kind.INPUT, head.inputs[0].fingerprint[:8], "0" * 8)


def test_an_input_that_is_to_be_made_is_no_cause_of_its_own(built: SmallGraph) -> None:
    assert list(input_changes(str(SFT), built.store.required_head(SFT), {TABLE: None})) == []


def test_a_value_is_named_with_what_it_was_and_is(built: SmallGraph) -> None:
    head = built.store.required_head(SFT)
    built.ranks = {"sft": 16, "kto": 8}
    [cause] = value_changes(str(SFT), head, built.recipe(SFT))
    assert (cause.kind, cause.name, cause.old, cause.new) == (Kind.TRAINING, "rank", 8, 16)


def test_a_library_counts_where_its_version_was_recorded(built: SmallGraph) -> None:
    head = built.store.required_head(SFT)
    today = replace(built.recipe(SFT), libraries=("polars",))
    assert list(library_changes(str(SFT), head, today)) == []
    recorded = head.model_copy(update={"libraries": {"polars": "0.1"}})
    [cause] = library_changes(str(SFT), recorded, today)
    assert (cause.kind, cause.name, cause.old) == (Kind.LIBRARY, "polars", "0.1")


def test_causes_enter_at_the_partition_itself(built: SmallGraph) -> None:
    built.comments = 4
    head = built.store.required_head(Ref.parse("raw/comments"))
    [cause] = recipe_changes(built.store, head, built.recipe(COMMENTS), {})
    assert cause.places == ("raw/comments",)
