"""What `sg-assets reproduce` says of the machine, before it works and after."""

from typing import Any

import pytest

from sg_assets.cli import reproduce as cli_reproduce
from sg_assets.lineage.changed_machines import Difference
from sg_assets.reproduction.reproduce import OutputComparison, ReproductionPlan, ReproductionResult, Verdict
from sg_assets.reproduction.stored_code import StoredCode
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store

ELSEWHERE = (Difference("instruction set", "AVX512", "AVX2"), Difference("GPU", None, "H200"))
FIELDS: dict[str, Any] = {"asset": "adapters/sft", "partition": "v", "version": "1", "fingerprint": "a" * 32}
VERSION = Manifest.model_construct(**FIELDS, details={})


def plan(machine: tuple[Difference, ...]) -> ReproductionPlan:
    code = StoredCode(Store.__new__(Store), None, recorded=True, queries={}, missing=(), other_libraries=())
    return ReproductionPlan(VERSION, (), (), code, (), machine)


def ended(verdict: Verdict, machine: tuple[Difference, ...], fingerprint: str = "b" * 32) -> ReproductionResult:
    return ReproductionResult(
        (OutputComparison(VERSION, verdict, "", fingerprint),), same_code=True, note="", machine=machine
    )


def test_another_kind_of_machine_is_said_beforehand() -> None:
    lines = list(cli_reproduce._plan_lines(plan(ELSEWHERE), from_cache=False))
    assert "Machine: kind differs from the recorded one: instruction set AVX512 -> AVX2" in lines
    assert "Machine: kind differs from the recorded one: GPU none -> H200" in lines


def test_of_the_same_kind_nothing_is_said() -> None:
    assert "Machine" not in "".join(cli_reproduce._plan_lines(plan(()), from_cache=False))


def test_where_the_result_differs_the_machine_may_be_the_reason() -> None:
    lines = "".join(cli_reproduce._end_lines(plan(ELSEWHERE), ended(Verdict.DIFFERS, ELSEWHERE)))
    assert "may be the reason: instruction set AVX512 -> AVX2; GPU none -> H200" in lines


@pytest.mark.parametrize(
    ("verdict", "machine"),
    [(Verdict.EQUAL, ELSEWHERE), (Verdict.STORED_DIFFERS, ELSEWHERE), (Verdict.DIFFERS, ())],
)
def test_else_it_is_no_reason(verdict: Verdict, machine: tuple[Difference, ...]) -> None:
    assert "may be the reason" not in "".join(cli_reproduce._end_lines(plan(machine), ended(verdict, machine)))


def test_a_table_declared_as_not_reproducible_differs_as_declared() -> None:
    drawn = Manifest.model_construct(**FIELDS, details={"not_reproducible": ["random draws by chance"]})
    result = ReproductionResult((OutputComparison(drawn, Verdict.DIFFERS, "", "b" * 32),), same_code=True, note="")
    lines = "".join(cli_reproduce._end_lines(plan(()), result))
    assert "as declared, it is not reproducible: random draws by chance" in lines
