"""Jobs for common work."""

import pytest

from sg_assets.orchestration.partition_jobs import partition_jobs
from sg_assets.orchestration.project import Project

NAMES = ["build_data", "train_chat_models", "train_sft", "train_kto", "train_dpo", "evaluate", "report"]


def test_there_is_a_job_for_each_part_of_the_pipeline_and_each_method(tiny: Project) -> None:
    assert [job.name for job in partition_jobs(tiny)] == NAMES


@pytest.mark.parametrize(("name", "selected", "left_out"), [
    ("build_data", "templated/prompts", "reports/results"), ("report", "reports/status", "reports/model_card"),
    ("evaluate", "scores/toxigen", "templated/prompts"), ("train_kto", "adapters/kto", "adapters/sft"),
])  # fmt: skip
def test_a_job_selects_its_assets_alone(tiny: Project, name: str, selected: str, left_out: str) -> None:
    [job] = [job for job in partition_jobs(tiny) if job.name == name]
    assert f'"{selected}"' in str(job.selection)
    assert f'"{left_out}"' not in str(job.selection)
