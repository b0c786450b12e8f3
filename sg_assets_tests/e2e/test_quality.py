"""A clean run of the tiny profile: everything that is expected was evaluated, and nothing but objectives is told."""

import pytest

from sg_assets.declarations.project_declarations import read_project
from sg_assets.declarations.records.expectations import rules_of
from sg_assets_tests.e2e.conftest import Finished
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e


def test_every_rule_of_every_table_was_evaluated(finished: Finished) -> None:
    whole = read_project(PROJECT, "tiny", generated_comments=True)
    for ref in whole.graph.refs:
        asked = {rule.id for rule in rules_of(whole.declared.expectations, ref.asset) if ref.asset in whole.tables}
        assert asked <= {one.name for one in finished.store.required_head(ref).audit}


def test_a_clean_run_raises_no_alert_but_that_tiny_models_miss_their_objectives(finished: Finished) -> None:
    objectives = {one.id for one in read_project(PROJECT, "tiny", generated_comments=True).declared.profile.objectives}
    heads = [finished.store.required_head(ref) for ref in finished.store.refs()]
    failed = {f"{head.ref} {one.name}" for head in heads for one in head.audit if not one.passed}
    assert [one for one in failed if one.split()[-1] not in objectives] == []
