"""Results of an audit as texts."""

from sg_assets.store.audit.results import AuditResult


def _result(*, passed: bool, blocking: bool = True) -> AuditResult:
    observed = {"failing": 2, "examples": ["id=1", "id=2"]}
    return AuditResult(name="few", passed=passed, blocking=blocking, description="Few rows.", observed=observed)


def test_a_failed_result_reads_with_its_counts_and_keys() -> None:
    assert str(_result(passed=False)) == "few (Few rows): failing 2; examples id=1, id=2"
    assert str(_result(passed=True)) == "few (Few rows): passed"


def test_only_a_blocking_failure_stops_a_version() -> None:
    assert _result(passed=False).stops
    assert not _result(passed=True).stops
    assert not _result(passed=False, blocking=False).stops
