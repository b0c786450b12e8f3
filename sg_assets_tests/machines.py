"""Machines made up for tests."""

from typing import Any

from sg_assets.store.machine_record import Machine, MachineKind

_KIND: dict[str, Any] = {
    "limits": {}, "threads": 2, "blas": ("MKL 2024.2",), "gpu": None, "compute_capability": None, "cuda": None,
    "cudnn": None, "deterministic": {},
}  # fmt: skip


def machine(instruction_set: str = "AVX512", about: dict[str, str] | None = None, **kind: Any) -> Machine:
    """A machine of two threads without a GPU, but for what is given."""
    return Machine(kind=MachineKind(instruction_set=instruction_set, **(_KIND | kind)), about=about or {"cpu": "a CPU"})
