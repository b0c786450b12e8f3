from typing import Any

import polars as pl
import pytest

from sg_assets.demo.leaderboard_items import SCHEMA
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.local_tasks import configs, follows, local_tasks
from sg_assets.leaderboard.normalisation import PUBLISHED


def items(*rows: dict[str, Any]) -> pl.DataFrame:
    plain = {"cluster_id": "c", "shot": False, "prompt": "p", "choices": [], "answer": "a", "instructions": []}
    made = [plain | {"item_id": f"i{position}"} | row for position, row in enumerate(rows)]
    return pl.DataFrame(made, schema=SCHEMA)


@pytest.mark.parametrize(
    ("answer", "instruction", "kept"),
    [
        ("All about laksa", "starts: All about", True),
        ("Well, all about laksa", "starts: All about", False),
        ("Can you tell me more?", "ends: ?", True),
        ("Can you tell me more? ", "ends: ?", True),
        ("Tell me more", "ends: ?", False),
        ("about laksa also", "contains: laksa", True),
        ("about satay", "contains: laksa", False),
        ("nice one", "avoids: lah", True),
        ("nice one lah", "avoids: lah", False),
        ("  ", "avoids: lah", False),
    ],
)
def test_an_answer_keeps_to_an_instruction_or_not(answer: str, instruction: str, kept: bool) -> None:
    assert follows(answer, instruction) is kept


@pytest.mark.parametrize("instruction", ["rhymes: laksa", "starts:", "starts"])
def test_what_is_no_instruction_is_refused(instruction: str) -> None:
    with pytest.raises(SgAssetsError, match=r"is not an instruction.*Known: starts, ends, contains, avoids"):
        follows("anything", instruction)


def test_a_local_task_is_scored_as_its_namesake() -> None:
    rows = [
        {"task": "musr", "subtask": name, "choices": choices}
        for name, choices in (("m1", ["a", "b"]), ("m2", list("abcde")))
    ]
    (task,) = local_tasks(items(*rows)).values()
    assert (task.metric, task.by_subtask) == (PUBLISHED["musr"].metric, True)
    assert task.lower == {"m1": 0.5, "m2": 0.2}


def test_items_of_a_subtask_with_different_numbers_of_choices_are_refused() -> None:
    rows = [{"task": "bbh", "subtask": "b", "choices": choices} for choices in (["a", "b"], ["a", "b", "c"])]
    with pytest.raises(SgAssetsError, match=r"items of 'b' have \[2, 3\] choices"):
        local_tasks(items(*rows))


def test_shots_are_shown_and_not_asked() -> None:
    rows = [
        {"task": "math_hard", "subtask": "m", "shot": position == 0, "item_id": f"i{position}"} for position in range(3)
    ]
    made = items(*rows)
    (config,) = configs(made, local_tasks(made)["math_hard"])
    assert config["num_fewshot"] == 1
    assert [sample["item_id"] for sample in config["fewshot_config"]["samples"]] == ["i0"]
    assert [sample["item_id"] for sample in config["custom_dataset"]()["test"]] == ["i1", "i2"]
