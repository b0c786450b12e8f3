"""Which judges a name stands for."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.project import Project
from sg_assets.people.flags import flag_judges, judges_to_label

pytestmark = pytest.mark.slow


def named(project: Project, name: str, benchmark: str | None = None) -> list[tuple[str, str]]:
    return [(judge.benchmark, judge.judge) for judge in judges_to_label(project.declared, name, benchmark)]


def test_a_flag_stands_for_all_of_its_judges(labelled_home: Project) -> None:
    assert named(labelled_home, "is_toxic") == [
        ("sg_safety", "toxicity"), ("template_stress", "toxicity"), ("toxigen", "toxigen")
    ]  # fmt: skip


def test_a_judge_stands_for_its_flag_where_it_judges(labelled_home: Project) -> None:
    assert named(labelled_home, "toxicity") == [("sg_safety", "toxicity"), ("template_stress", "toxicity")]


def test_one_benchmark_alone_can_be_asked_for(labelled_home: Project) -> None:
    assert named(labelled_home, "is_refusal", "toxigen") == [("toxigen", "rejection")]


@pytest.mark.parametrize(
    ("name", "benchmark", "message"),
    [
        ("is_toxc", None, "neither a flag nor a judge. Did you mean 'is_toxic'"),
        ("toxigen", "sg_safety", "neither a flag nor a judge of sg_safety"),
        ("is_toxic", "sg_safty", "there is no benchmark 'sg_safty'. Did you mean 'sg_safety'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    labelled_home: Project, name: str, benchmark: str | None, message: str
) -> None:
    with pytest.raises(SgAssetsError, match=message):
        judges_to_label(labelled_home.declared, name, benchmark)


def test_each_judge_has_the_threshold_in_use(labelled_home: Project) -> None:
    assert {judge.threshold for judge in flag_judges(labelled_home.declared)} == {0.5}
