"""A step that failed for a fault of the machine says so; its own errors keep their words."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.execution.machine_faults import failure_of_step
from sg_assets.orchestration.dagster_internals import SerializableErrorInfo


def info(name: str, message: str, cause: SerializableErrorInfo | None = None) -> SerializableErrorInfo:
    return SerializableErrorInfo(f"{name}: {message}\n", [], name, cause)


FULL = info("OSError", "[Errno 28] No space left on device: '/home/a secret'")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FULL, "step s failed: the disk is full"),
        (info("DagsterExecutionStepExecutionError", "Error occurred", FULL), "step s failed: the disk is full"),
        (
            info("DagsterExecutionStepExecutionError", "Error occurred", info("MemoryError", "")),
            "step s failed: the memory does not suffice",
        ),
        (
            info("DagsterExecutionStepExecutionError", "Error", info("SgAssetsError", "a: no rows. Disk full of joy.")),
            "step s failed. SgAssetsError: a: no rows",
        ),
        (info("DagsterExecutionStepExecutionError", "Error", info("KeyError", "'x'")), "step s failed. KeyError: 'x'"),
    ],
)
def test_a_failed_step_says_why(error: SerializableErrorInfo, said: str, tmp_path: Path) -> None:
    failure = failure_of_step("s", error, "raw/x", tmp_path)
    assert isinstance(failure, SgAssetsError)
    assert str(failure).startswith(f"raw/x: {said}")
    assert "secret" not in str(failure)
