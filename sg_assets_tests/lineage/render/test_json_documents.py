"""Comparisons and histories for programs."""

import json
from fractions import Fraction

import pytest

from sg_assets.lineage.render.json_documents import as_json
from sg_assets.lineage.why import Why

pytestmark = pytest.mark.slow


def test_programs_get_every_value_and_exact_shares(shown: Why) -> None:
    document = json.loads(as_json(shown))
    assert [cause["kind"] for cause in document["causes"]] == [cause.kind.value for cause in shown.explanation.causes]
    for score in document["scores"]:
        change = score["change"]
        parts = sum((Fraction(entry["change"]["exact"]) for entry in change["entries"]), start=Fraction(0))
        assert parts == Fraction(change["after"]["exact"]) - Fraction(change["before"]["exact"])
