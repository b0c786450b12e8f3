"""Findings: within the bound or not, and recorded as numbers and keys."""

import pytest

from sg_assets.quality.findings import DriftFinding, NotCompared, TextMatches
from sg_assets.store.audit.conditions import EXAMPLES


@pytest.mark.parametrize(("failing", "passed"), [(0, True), (1, True), (2, False)])
def test_as_many_may_match_as_the_share_allows(failing: int, passed: bool) -> None:
    assert TextMatches(10, failing, 0.1).passed is passed


def test_a_table_without_texts_passes() -> None:
    assert TextMatches(0, 0, 0.0).passed


def test_matches_are_recorded_with_their_share_and_some_keys() -> None:
    keys = [f"id={n}" for n in range(EXAMPLES + 1)]
    observed = TextMatches(30, 20, 0.1, keys, compared_with=7).observed
    assert observed == {
        "evaluated": 30, "failing": 20, "share": 0.6667, "at_most": 0.1, "examples": keys[:EXAMPLES],
        "compared_with": 7,
    }  # fmt: skip


def test_without_a_match_only_counts_are_recorded() -> None:
    assert TextMatches(3, 0, 0.1).observed == {"evaluated": 3, "failing": 0}


def test_a_change_up_to_the_bound_passes() -> None:
    assert DriftFinding(1.0, 1.5, 0.5, 0.5).passed
    assert not DriftFinding(1.0, 1.51, 0.51, 0.5).passed
    assert DriftFinding(1.00004, 2, 1, 3).observed == {"published": 1.0, "staged": 2, "moved": 1, "at_most": 3}


def test_what_cannot_be_compared_passes_and_says_why() -> None:
    finding = NotCompared("no labels")
    assert (finding.passed, finding.observed) == (True, {"not_compared": "no labels"})
