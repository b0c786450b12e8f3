"""Subjects of incidents, as they are named and told apart."""

import pytest

from sg_assets.alerts.incidents import IncidentChange, Subject
from sg_assets_tests.alerts.world import ALONE, A, B


@pytest.mark.parametrize(("subject", "text"), [
    (A, "check few of raw/a"), (B, "making scores/b[x]"), (Subject(kind="run", name="report"), "job report"),
])  # fmt: skip
def test_a_subject_is_named_by_its_kind(subject: Subject, text: str) -> None:
    assert str(subject) == text


def test_each_subject_has_a_key_of_its_own() -> None:
    step_of_a = Subject(kind="step", asset="raw/a")
    subjects = [A, B, ALONE, step_of_a, Subject(kind="step", asset="scores/b", partition="y")]
    assert len({subject.key for subject in subjects}) == len(subjects)


def test_the_kind_of_a_change_is_sent_as_what() -> None:
    assert IncidentChange.model_fields["kind"].alias == "what"
