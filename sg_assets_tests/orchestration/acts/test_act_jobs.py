"""The jobs of all acts."""

from sg_assets.orchestration.acts.act_jobs import act_jobs
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project


def test_each_act_is_a_job_of_one_op_with_a_form_to_fill_in(tiny: Project) -> None:
    jobs = act_jobs(tiny, asset_defs_of(tiny))
    assert len({job.name for job in jobs}) == len(jobs) == 5
    assert [len(job.nodes) for job in jobs] == [1] * 5
    assert all(job.description for job in jobs)
