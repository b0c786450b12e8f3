"""What a profile says of labels of people."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.people_labels import AlignmentBound, PeopleLabels


def test_words_may_be_numbers_in_yaml() -> None:
    assert PeopleLabels.model_validate({"means": {1: "yes", 0: "no", "?": "undecided"}}).means == {
        "1": "yes", "0": "no", "?": "undecided"
    }  # fmt: skip


@pytest.mark.parametrize("means", [{"ja": "maybe"}, {"ja": True}, ["ja"]])
def test_a_word_means_a_label(means: object) -> None:
    with pytest.raises(ValidationError):
        PeopleLabels.model_validate({"means": means})


@pytest.mark.parametrize("bound", [{}, {"sensitivity_at_least": 0.8}, {"sensitivity_at_least": 8}])
def test_a_bound_is_on_both_rates(bound: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        AlignmentBound.model_validate(bound)


def test_labels_at_least_has_a_default() -> None:
    assert AlignmentBound(sensitivity_at_least=0.8, specificity_at_least=0.9).labels_at_least == 100
