"""The kind of a machine is named by what moves results, and by nothing else."""

from typing import Any

import pytest

from sg_assets.store.machine_record import Machine, MachineKind


def kind(**other: Any) -> MachineKind:
    fields = {
        "instruction_set": "AVX512", "limits": {}, "threads": 1, "blas": ("mkl",), "gpu": None,
        "compute_capability": None, "cuda": None, "cudnn": None, "deterministic": {},
    }  # fmt: skip
    return MachineKind(**(fields | other))


def test_equal_kinds_have_equal_digests_whatever_is_recorded_beside_them() -> None:
    first, other = (Machine(kind=kind(), about={"cpu": cpu}) for cpu in ("Xeon", "EPYC"))
    assert first.kind.digest == other.kind.digest


@pytest.mark.parametrize(
    "other",
    [{"instruction_set": "AVX2"}, {"limits": {"ONEDNN_MAX_CPU_ISA": "AVX2"}}, {"threads": 2}, {"gpu": "H200"},
     {"blas": ()}, {"deterministic": {"cudnn": "1"}}],
)  # fmt: skip
def test_what_moves_results_moves_the_digest(other: dict[str, Any]) -> None:
    assert kind(**other).digest != kind().digest
