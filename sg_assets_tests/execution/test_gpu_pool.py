"""The size of the pool ``gpu``."""

from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.execution.gpu_pool import size_gpu_pool


@pytest.mark.parametrize(("lanes", "gpus", "slots"), [(1, None, 1), (2, None, 2), (8, 8, 8), (2, 8, 8), (4, 1, 4)])
def test_the_pool_has_a_slot_for_each_lane_and_card(lanes: int, gpus: int | None, slots: int) -> None:
    sizes: dict[str, int] = {}
    instance: Any = SimpleNamespace(event_log_storage=SimpleNamespace(set_concurrency_slots=sizes.__setitem__))
    local = None if gpus is None else SimpleNamespace(gpus=gpus)
    project: Any = SimpleNamespace(declared=SimpleNamespace(profile=SimpleNamespace(lane_count=lanes, local=local)))
    size_gpu_pool(instance, project)
    assert sizes == {"gpu": slots}
