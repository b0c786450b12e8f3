import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sg_assets.demo.leaderboard_items import SUBTASKS, items
from sg_assets.demo.vocabulary import CONTENT, words_of
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.local_tasks import follows, local_tasks
from sg_assets.leaderboard.normalisation import TASK_NAMES
from sg_assets_tests.demo.declared import refusals, templates

N = 12


@pytest.fixture(scope="module")
def drawn() -> pl.DataFrame:
    return items(0, N, templates(), refusals())


def test_the_six_tasks_have_n_items_in_every_subtask_and_their_shots(drawn: pl.DataFrame) -> None:
    assert set(drawn["task"]) == set(TASK_NAMES)
    for subtask in SUBTASKS:
        of = drawn.filter(subtask=subtask.name)
        assert (of.filter(~pl.col("shot")).height, of.filter("shot").height) == (N, subtask.shots)


def test_the_same_seed_draws_the_same_and_more_items_only_add(drawn: pl.DataFrame) -> None:
    more = items(0, N + 5, templates(), refusals())
    assert_frame_equal(more.join(drawn.select("item_id"), on="item_id", how="semi", maintain_order="left"), drawn)
    assert not items(1, N, templates(), refusals()).equals(drawn)


def test_exactly_one_choice_is_right(drawn: pl.DataFrame) -> None:
    for row in drawn.filter(pl.col("choices").list.len() > 0).to_dicts():
        assert row["choices"].count(row["answer"]) == 1
        assert len(set(row["choices"])) == len(row["choices"])


def test_the_right_choice_has_no_place_of_its_own(drawn: pl.DataFrame) -> None:
    places = {row["choices"].index(row["answer"]) for row in drawn.filter(subtask="mmlu_pro").to_dicts()}
    assert len(places) > 3


def test_subtasks_have_the_chance_levels_of_the_shapes_they_take() -> None:
    tasks = local_tasks(items(0, N, templates(), refusals()))
    assert tasks["mmlu_pro"].lower == {"mmlu_pro": 0.1}
    assert tasks["gpqa"].pooled_lower == 0.25
    assert sorted(tasks["musr"].lower.values()) == pytest.approx([1 / 5, 1 / 3, 1 / 2])
    assert sorted(tasks["bbh"].lower.values()) == pytest.approx([1 / 6, 1 / 4, 1 / 2])
    assert {*tasks["ifeval"].lower.values(), *tasks["math_hard"].lower.values()} == {0.0}


def test_comments_are_of_words_no_adapter_was_trained_on(drawn: pl.DataFrame) -> None:
    trained = {word for kind in ("food", "thing", "hobby") for word in words_of("train")[kind]}
    asked = drawn.filter(pl.col("task") != "gpqa")["prompt"]  # facts are of the whole vocabulary, as they were taught
    known = {word for words in CONTENT.values() for word in words}
    shown = {word for prompt in asked for word in known if f" {word} " in f" {prompt} "}
    assert shown
    assert not shown & trained


def test_what_the_base_model_was_taught_to_say_keeps_to_the_instructions(drawn: pl.DataFrame) -> None:
    row = (
        drawn.filter(subtask="ifeval")
        .filter(pl.col("instructions").list.contains("starts: All about"))
        .row(0, named=True)
    )
    word = row["instructions"][1].removeprefix("ends: ")
    assert word in row["prompt"]
    assert all(follows(f"All about {word}", instruction) for instruction in row["instructions"])
    assert not any(follows("Sorry, I cannot help with that.", instruction) for instruction in row["instructions"])


def test_a_template_that_is_gone_is_named() -> None:
    fewer = templates().filter(pl.col("template_id") != "title")
    with pytest.raises(SgAssetsError, match="the generated tasks need title"):
        items(0, N, fewer, refusals())


def test_without_a_refusal_there_is_nothing_to_choose_against() -> None:
    with pytest.raises(SgAssetsError, match="the generated tasks need a refusal wording"):
        items(0, N, templates(), [])
