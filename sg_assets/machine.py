"""Measuring the machine this process works on: the kind that moves results of numeric work, and what goes with it.

What is in use counts, not what the processor could do: the instruction set that PyTorch chose (it respects
``ATEN_CPU_CAPABILITY``), or NumPy, where PyTorch had no part. The two are never mixed: whether a process happened to
have imported PyTorch says nothing about a judge that scikit-learn fitted.
"""

import importlib
import os
import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from sg_assets.store.machine_record import Machine, MachineKind

Device = Literal["cpu", "cuda"]

LIMITS: Final = (
    "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS",
    "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES",
)  # fmt: skip
"""Environment settings that restrict instruction sets or choose kernels. No other one is read."""
MEASURED_BY: Final = "measured by"
"""Names in ``about`` the library that reported the instruction set: ``torch`` or ``numpy``."""
_PLAIN: Final = re.compile(r"[\w .,:+-]{1,200}")
_CPUINFO: Final = Path("/proc/cpuinfo")
_DRIVER: Final = Path("/sys/module/nvidia/version")
_BUILT_WITH: Final = (
    ("MKL", re.compile(r"Math Kernel Library Version ([\w.]+)")),
    ("oneDNN", re.compile(r"MKL-DNN v([\w.]+)")),
)
"""Libraries inside PyTorch, which no list of loaded libraries names, in its description of itself."""
_LEVELS: Final = (
    ("AVX512", ("X86_V4", "AVX512_SKX")), ("AVX2", ("X86_V3", "AVX2")), ("SVE", ("SVE",)), ("NEON", ("ASIMD", "NEON")),
)  # fmt: skip
"""NumPy's features behind a name, the newest NumPy's first: it has it, where it knows it, or else the older one."""


def this_machine(threads: int | None = None, *, device: Device | None = None) -> Machine:
    """The machine this process works on, to be asked after the work, in the process that did it.

    Args:
        threads: The threads of the work where they were set; else those that the library takes.
        device: Where PyTorch computed; None for work of NumPy, SciPy and scikit-learn.
    """
    return _of_numpy(threads) if device is None else _of_torch(threads, device)


def same_work_here(recorded: Machine) -> Machine:
    """This machine for work that was done elsewhere, before it is done here: measured as the recorded one was.

    Threads are those recorded: they follow from what is declared, not from the machine.
    """
    if recorded.about.get(MEASURED_BY) != "torch":
        return this_machine(recorded.kind.threads)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read when torch is first loaded
    import torch

    on_cuda = recorded.kind.gpu is not None and torch.cuda.is_available()
    return this_machine(recorded.kind.threads, device="cuda" if on_cuda else "cpu")


def _of_numpy(threads: int | None) -> Machine:
    importlib.import_module("scipy.linalg")  # brings both libraries, whatever the work used of them
    pools = _blas_pools("numpy.libs", "scipy.libs")
    used = threads if threads is not None else max((int(pool["num_threads"]) for pool in pools), default=None)
    kind = MachineKind(
        instruction_set=_numpy_instructions(), limits=_limits(), threads=used, blas=_kernels(pools), gpu=None,
        compute_capability=None, cuda=None, cudnn=None, deterministic={},
    )  # fmt: skip
    return Machine(kind=kind, about=_about("numpy"))


def _of_torch(threads: int | None, device: Device) -> Machine:
    import torch

    on_cuda = device == "cuda" and torch.cuda.is_available()
    built = torch.__config__.show()
    inside = (f"{name} {match[1]}" for name, form in _BUILT_WITH if (match := form.search(built)))
    kind = MachineKind(
        instruction_set=torch.backends.cpu.get_cpu_capability(),
        limits=_limits(),
        threads=torch.get_num_threads() if threads is None else threads,
        blas=(*inside, *_kernels(_blas_pools("torch"))),
        **_gpu(torch) if on_cuda else _NO_GPU,
    )
    driver = {"driver": _DRIVER.read_text(encoding="ascii").strip()} if on_cuda and _DRIVER.is_file() else {}
    return Machine(kind=kind, about=_about("torch") | driver)


_NO_GPU: Final[Mapping[str, Any]] = {
    "gpu": None, "compute_capability": None, "cuda": None, "cudnn": None, "deterministic": {},
}  # fmt: skip


def _gpu(torch: Any) -> dict[str, Any]:  # noqa: ANN401 - the module
    cudnn, matmul = torch.backends.cudnn, torch.backends.cuda.matmul
    flags = {
        "deterministic algorithms": torch.are_deterministic_algorithms_enabled(),
        "cudnn.deterministic": cudnn.deterministic,
        "cudnn.benchmark": cudnn.benchmark,
        "cudnn.allow_tf32": cudnn.allow_tf32,
        "matmul.allow_tf32": matmul.allow_tf32,
    }
    deterministic = {name: str(flag).lower() for name, flag in flags.items()}
    if workspace := os.environ.get("CUBLAS_WORKSPACE_CONFIG"):
        deterministic["CUBLAS_WORKSPACE_CONFIG"] = _plain(workspace)
    version = cudnn.version()
    return {
        "gpu": torch.cuda.get_device_name(),
        "compute_capability": ".".join(map(str, torch.cuda.get_device_capability())),
        "cuda": torch.version.cuda,
        "cudnn": None if version is None else str(version),
        "deterministic": deterministic,
    }


def _limits() -> dict[str, str]:
    return {name: _plain(value) for name in LIMITS if (value := os.environ.get(name))}


def _plain(value: str) -> str:
    """A setting of an instruction set is a short word; whatever else stands there is not recorded."""
    return value if _PLAIN.fullmatch(value) else "set, to a value that is not recorded"


def _blas_pools(*folders: str) -> list[Mapping[str, Any]]:
    """The loaded libraries of linear algebra that lie in a package's folder."""
    import threadpoolctl

    loaded = (pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas")
    return [pool for pool in loaded if not {*folders}.isdisjoint(Path(pool["filepath"]).parts)]


def _kernels(pools: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Library, version and the kernel it chose for this processor."""
    kernels = {
        " ".join(filter(None, (pool["internal_api"], pool["version"], pool.get("architecture")))) for pool in pools
    }
    return tuple(sorted(kernels))


def _numpy_instructions() -> str:
    import numpy as np

    core = "numpy._core" if hasattr(np, "_core") else "numpy.core"  # until NumPy 2
    has: Mapping[str, bool] = importlib.import_module(f"{core}._multiarray_umath").__cpu_features__
    for level, names in _LEVELS:
        if next((has[name] for name in names if name in has), False):
            return level
    return "DEFAULT"


def _about(measured_by: str) -> dict[str, str]:
    return {
        "cpu": _cpu(),
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        MEASURED_BY: measured_by,
    }


def _cpu() -> str:
    """The processor's model, as the system names it."""
    lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines() if _CPUINFO.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or "unknown"
