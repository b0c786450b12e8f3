import math

import pytest

from sg_assets.leaderboard.paired_items import paired_arms
from sg_assets_tests.leaderboard.samples import half, raw_items


def test_the_change_of_a_mean_of_subtasks_takes_its_interval_from_theirs() -> None:
    scaled = {"musr": {"lower": {"musr_a": 0.5, "musr_b": 0.2}, "by_subtask": True}}
    before, after = raw_items(musr_a=half(15), musr_b=half(10)), raw_items(musr_a=half(12), musr_b=half(14))
    arms = paired_arms(before, after, scaled)["musr"]
    alone = paired_arms(before, after, {name: {"lower": {name: low}, "by_subtask": False}
                                        for name, low in (("musr_a", 0.5), ("musr_b", 0.2))})  # fmt: skip
    assert arms[0] == pytest.approx(math.hypot(alone["musr_a"][0], alone["musr_b"][0]) / 2)


def test_pooled_subtasks_are_compared_as_one() -> None:
    scaled = {"gpqa": {"lower": {"gpqa_main": 0.25, "gpqa_diamond": 0.25}, "by_subtask": False}}
    below, above = paired_arms(raw_items(gpqa=half(15)), raw_items(gpqa=half(12)), scaled)["gpqa"]
    assert below == pytest.approx(above)
    assert below == pytest.approx(100 / 0.75 * 2.09302 * (3 * 0.85 / 19 / 20) ** 0.5, rel=1e-4)


def test_a_task_with_a_part_that_one_side_lacks_has_no_interval() -> None:
    scaled = {"musr": {"lower": {"musr_a": 0.5, "musr_b": 0.2}, "by_subtask": True}}
    assert paired_arms(raw_items(musr_a=half(15)), raw_items(musr_a=half(12), musr_b=half(3)), scaled) == {}


def test_a_graded_task_of_which_no_item_moved_has_the_bound_of_a_rate() -> None:
    graded = [0.5, 0.25] * 10
    scaled = {"ifeval": {"lower": {"ifeval": 0.0}, "by_subtask": False}}
    below, above = paired_arms(raw_items(ifeval=graded), raw_items(ifeval=graded), scaled)["ifeval"]
    assert below == above == pytest.approx(100 * 2.09302**2 / (20 + 2.09302**2), rel=1e-4)
