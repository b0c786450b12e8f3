"""Faults of the machine under a command, a lane or a step, named with a look at the disk of the profile's home."""

from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.dagster_internals import SerializableErrorInfo
from sg_assets.orchestration.run_events import OWN_ERRORS
from sg_assets.processes.faults import Fault, fault_in, looked_at


def fault_of_step(error: SerializableErrorInfo, home: Path) -> Fault | None:
    """The fault of the machine that made a step fail; None where its own words say why.

    Args:
        error: As Dagster recorded it, with its causes.
        home: Of the profile.
    """
    cause: SerializableErrorInfo | None = error
    while cause is not None:
        fault = None if cause.cls_name is None or cause.cls_name in OWN_ERRORS else fault_in(cause.message)
        if fault is not None:
            return looked_at(fault, home)
        cause = cause.cause
    return None


def failure_of_step(step: str, error: SerializableErrorInfo, where: str, home: Path) -> SgAssetsError:
    """The error of a step that failed.

    Args:
        step: Its key.
        error: As Dagster recorded it.
        where: What was to be made.
        home: Of the profile.
    """
    fault = fault_of_step(error, home)
    if fault is not None:
        return SgAssetsError(f"step {step} failed: {fault.sentence}", where=where, remedy=fault.remedy)
    root = error.cause or error
    return SgAssetsError(f"step {step} failed", where=where, why=root.message.strip())
