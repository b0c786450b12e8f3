"""A reproduction's cost beforehand, and its conclusions afterwards."""

from typing import Any

import pytest

from sg_assets.lineage.changed_machines import Difference
from sg_assets.reproduction.reproduce import OutputComparison, ReproductionPlan, ReproductionResult, Verdict
from sg_assets.reproduction.stored_code import StoredCode
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store

NAMES: dict[str, Any] = {"asset": "scores/x", "partition": None, "version": "v"}
OTHER_GPU = (Difference("GPU", "none", "H200"),)


def version(**details: Any) -> Manifest:
    return Manifest.model_construct(**NAMES, details=details)


def plan(**details: Any) -> ReproductionPlan:
    code = StoredCode(Store.__new__(Store), None, recorded=True, queries={}, missing=(), other_libraries=())
    return ReproductionPlan(version(**details), (), (), code, (), ())


def result(*verdicts: Verdict, machine: tuple[Difference, ...] = ()) -> ReproductionResult:
    outputs = tuple(OutputComparison(version(), verdict, "", "f" * 32) for verdict in verdicts)
    return ReproductionResult(outputs, same_code=True, note="", machine=machine)


def test_requests_to_an_engine_elsewhere_are_remote() -> None:
    elsewhere = plan(prompts_distinct=3, engine={"engine": "openai"})
    assert (elsewhere.calls, elsewhere.remote) == (3, "openai")


@pytest.mark.parametrize(
    "details", [{}, {"prompts_distinct": 3, "engine": {"engine": "transformers"}}, {"engine": {"engine": "openai"}}]
)
def test_local_engines_and_steps_without_requests_are_not(details: dict[str, Any]) -> None:
    assert plan(**details).remote is None


def test_a_reproduction_is_equal_only_where_every_output_is() -> None:
    assert result(Verdict.EQUAL, Verdict.NOT_STORED).equal
    assert not result(Verdict.EQUAL, Verdict.DIFFERS).equal
    assert not result(Verdict.STORED_DIFFERS).equal


def test_another_machine_may_be_the_reason_only_of_a_difference() -> None:
    assert result(Verdict.DIFFERS, machine=OTHER_GPU).may_be_the_machine
    assert not result(Verdict.DIFFERS).may_be_the_machine
    assert not result(Verdict.EQUAL, machine=OTHER_GPU).may_be_the_machine
