import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.items import item_rows
from sg_assets.leaderboard.normalisation import Task
from sg_assets.statistics.items import checked_items
from sg_assets.statistics.rates import estimate
from sg_assets_tests.leaderboard.samples import SIX, sample

IFEVAL, BBH, _, GPQA, _, MMLU = SIX


def followed(position: int, *each: bool) -> dict[str, object]:
    return sample(position, prompt_level_strict_acc=all(each), inst_level_strict_acc=list(each))


def test_an_item_stands_under_its_subtask_and_under_its_task() -> None:
    rows = item_rows(
        BBH,
        {"bbh_two": [sample(0, acc_norm=1.0)], "bbh_four": [sample(0, acc_norm=0.0), sample(1, acc_norm=1.0)]},
        {"bbh_two": {"acc_norm,none": 1.0}, "bbh_four": {"acc_norm,none": 0.5}},
    )
    assert dict(rows["slice"].value_counts().iter_rows()) == {"bbh_two": 1, "bbh_four": 2, "bbh": 3}
    assert rows.filter(slice="bbh")["item_id"].to_list() == [
        "bbh_two:00000-00000000", "bbh_four:00000-00000000", "bbh_four:00001-00000000",
    ]  # fmt: skip
    checked_items(rows)


def test_a_task_without_subtasks_has_every_item_once() -> None:
    rows = item_rows(MMLU, {"mmlu_pro": [sample(0, acc=1.0)]}, {"mmlu_pro": {"acc,none": 1.0}})
    assert rows.height == 1


def test_a_question_of_two_sets_is_one_cluster() -> None:
    samples = {name: [sample(0, "same", acc_norm=1.0)] for name in GPQA.lower}
    rows = item_rows(GPQA, samples, {name: {"acc_norm,none": 1.0} for name in GPQA.lower})
    assert (rows["item_id"].n_unique(), rows["cluster_id"].n_unique()) == (2, 1)


def test_the_mean_over_prompts_is_the_mean_of_both_strict_accuracies() -> None:
    samples = [followed(0, True, True, True), followed(1, True, False), followed(2, False)]
    # by prompt 1/3, by instruction 4/6: together 1/2
    reported = {"prompt_level_strict_acc,none": 1 / 3, "inst_level_strict_acc,none": 4 / 6}
    rows = item_rows(IFEVAL, {"ifeval": samples}, {"ifeval": reported})
    assert estimate(rows)["value"].to_list() == [pytest.approx(0.5)]


def test_samples_that_do_not_give_lm_evals_value_are_refused() -> None:
    with pytest.raises(SgAssetsError, match=r"the samples of 'mmlu_pro' give 1\.0, lm-eval reports 0.5"):
        item_rows(MMLU, {"mmlu_pro": [sample(0, acc=1.0)]}, {"mmlu_pro": {"acc,none": 0.5}})


def test_a_subtask_without_samples_is_refused() -> None:
    with pytest.raises(SgAssetsError, match="no sample of 'bbh_four'"):
        item_rows(BBH, {"bbh_two": [sample(0, acc_norm=1.0)]}, {"bbh_two": {"acc_norm,none": 1.0}})


def test_another_document_at_the_same_place_is_another_item() -> None:
    task = Task("mmlu_pro", "acc", {"mmlu_pro": 0.1})
    document, other = sample(7, acc=1.0), sample(7, acc=1.0) | {"doc_hash": "f" * 64}
    reported = {"mmlu_pro": {"acc,none": 1.0}}
    ids = [item_rows(task, {"mmlu_pro": [each]}, reported)["item_id"].item() for each in (document, other)]
    assert ids == ["mmlu_pro:00007-00000000", "mmlu_pro:00007-ffffffff"]


def test_a_document_that_names_itself_keeps_its_name() -> None:
    named = sample(0, acc=1.0)
    named["doc"]["item_id"] = "i7"
    rows = item_rows(MMLU, {"mmlu_pro": [named]}, {"mmlu_pro": {"acc,none": 1.0}})
    assert rows["item_id"].to_list() == ["mmlu_pro:i7"]
