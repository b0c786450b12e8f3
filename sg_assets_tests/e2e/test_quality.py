"""A clean run of the tiny profile: all expectations were evaluated, and only objectives fail."""

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
        assert asked <= {result.name for result in finished.store.required_head(ref).audit}


def test_a_clean_run_raises_no_alert_but_that_tiny_models_miss_their_objectives(finished: Finished) -> None:
    objectives = {
        objective.id for objective in read_project(PROJECT, "tiny", generated_comments=True).declared.profile.objectives
    }
    heads = [finished.store.required_head(ref) for ref in finished.store.refs()]
    failed = {f"{head.ref} {result.name}" for head in heads for result in head.audit if not result.passed}
    assert [check for check in failed if check.split()[-1] not in objectives] == []
