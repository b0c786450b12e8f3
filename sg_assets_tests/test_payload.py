"""How a job that is its own process ends."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.payload import reason_file, run_payload


def refuse(_: Path) -> None:
    raise SgAssetsError("no rows are left", where="examples.parquet", remedy="Declare a larger mix")


def test_bad_input_leaves_its_reason_beside_the_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "spec.json"
    assert run_payload([str(spec)], refuse) == 2
    expected = "examples.parquet: no rows are left. Declare a larger mix."
    assert reason_file(spec).read_text() == expected
    assert capsys.readouterr().err == expected + "\n"


def test_a_job_without_a_spec_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_payload([], refuse) == 2
    assert "SPEC.json" in capsys.readouterr().err


def test_other_errors_keep_their_traceback(tmp_path: Path) -> None:
    def fail(_: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_payload([str(tmp_path / "spec.json")], fail)


def test_work_that_ends_well_leaves_no_reason(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    seen: list[Path] = []
    assert run_payload([str(spec)], seen.append) == 0
    assert seen == [spec]
    assert not reason_file(spec).exists()
