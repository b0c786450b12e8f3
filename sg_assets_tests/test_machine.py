"""What is measured of the machine a process works on."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets import machine as measuring
from sg_assets.machine import LIMITS, MEASURED_BY, same_work_here, this_machine
from sg_assets.store.machine_record import Machine
from sg_assets_tests.machines import machine

MEASURE = """
import sys
from sg_assets.machine import this_machine
if sys.argv[1] == "torch after":
    import torch
device = "cpu" if sys.argv[1] == "torch" else None
print(this_machine(device=device).model_dump_json())
"""


def measured(work: str, **environment: str) -> Machine:
    """As another process measures it."""
    clean = {name: value for name, value in os.environ.items() if name not in LIMITS}
    command = [sys.executable, "-c", MEASURE, work]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=clean | environment)
    return Machine.model_validate_json(ended.stdout)


@pytest.mark.slow
def test_the_instruction_set_is_the_one_torch_uses_not_the_processors() -> None:
    limited = measured("torch", ATEN_CPU_CAPABILITY="default")
    assert limited.kind.instruction_set in ("DEFAULT", "NO AVX")
    assert limited.kind.limits == {"ATEN_CPU_CAPABILITY": "default"}
    assert limited.about[MEASURED_BY] == "torch"


@pytest.mark.slow
def test_work_without_torch_is_of_one_kind_whether_or_not_torch_is_loaded() -> None:
    alone, with_torch = measured("numpy"), measured("torch after")
    assert alone.kind == with_torch.kind
    assert alone.about[MEASURED_BY] == "numpy"
    assert any(kernel.startswith("openblas") or "blas" in kernel for kernel in alone.kind.blas)


@pytest.mark.slow
def test_torch_names_the_libraries_it_was_built_with() -> None:
    assert any(kernel.startswith(("MKL ", "oneDNN ", "openblas ")) for kernel in measured("torch").kind.blas)


def test_equal_machines_are_of_equal_kinds() -> None:
    assert this_machine().kind.digest == this_machine().kind.digest


def test_threads_that_were_set_count() -> None:
    assert this_machine(7).kind.threads == 7


def test_no_gpu_is_of_no_kind_with_one() -> None:
    kind = this_machine().kind
    assert (kind.gpu, kind.compute_capability, kind.cuda, kind.cudnn, kind.deterministic) == (
        None,
        None,
        None,
        None,
        {},
    )


def test_only_settings_of_instruction_sets_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    measured = this_machine()
    assert measured.kind.limits["OPENBLAS_CORETYPE"] == "Haswell"
    assert "hf_secret" not in measured.model_dump_json()


def test_a_setting_that_is_no_plain_word_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKL_CBWR", "https://user:secret@host/")
    measured = this_machine()
    assert measured.kind.limits["MKL_CBWR"] == "set, to a value that is not recorded"


def test_the_processor_is_only_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = this_machine()
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: Another CPU @ 3 GHz\n")
    monkeypatch.setattr(measuring, "_CPUINFO", tmp_path / "cpuinfo")
    after = this_machine()
    assert after.about["cpu"] == "Another CPU @ 3 GHz"
    assert after.kind == before.kind
    assert after != before


def test_older_features_name_the_instruction_set_where_numpy_knows_no_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    _multiarray_umath = importlib.import_module("numpy._core._multiarray_umath")
    monkeypatch.setattr(_multiarray_umath, "__cpu_features__", {"AVX512_SKX": False, "AVX2": True})
    assert this_machine().kind.instruction_set == "AVX2"
    monkeypatch.setattr(_multiarray_umath, "__cpu_features__", {"X86_V4": True, "AVX512_SKX": True, "AVX2": True})
    assert this_machine().kind.instruction_set == "AVX512"
    monkeypatch.setattr(_multiarray_umath, "__cpu_features__", {"SSE42": True})
    assert this_machine().kind.instruction_set == "DEFAULT"


def test_a_record_of_a_machine_is_plain_data() -> None:
    measured = this_machine()
    assert Machine.model_validate(json.loads(measured.model_dump_json())) == measured


def test_here_is_measured_as_the_recorded_machine_was() -> None:
    recorded = machine("AVX9000", {MEASURED_BY: "numpy"}, threads=5)
    assert same_work_here(recorded) == this_machine(5)


@pytest.mark.slow
def test_work_of_torch_is_measured_by_torch_and_a_gpu_that_is_not_here_is_none() -> None:
    import torch

    measured = same_work_here(machine("AVX512", {MEASURED_BY: "torch"}, gpu="H9000", threads=5))
    assert measured.about[MEASURED_BY] == "torch"
    assert measured.kind.threads == 5
    assert (measured.kind.gpu is None) == (not torch.cuda.is_available())


class WithGpu:
    """A torch with a GPU, as far as it is asked."""

    class cuda:  # noqa: N801
        get_device_name = staticmethod(lambda: "NVIDIA H200")
        get_device_capability = staticmethod(lambda: (9, 0))

    class version:  # noqa: N801
        cuda = "12.8"

    class backends:  # noqa: N801
        class cudnn:  # noqa: N801
            deterministic, benchmark, allow_tf32 = True, False, True
            version = staticmethod(lambda: 91002)

        class cuda:  # noqa: N801
            class matmul:  # noqa: N801
                allow_tf32 = False

    are_deterministic_algorithms_enabled = staticmethod(lambda: True)


def test_of_a_gpu_its_name_its_libraries_and_flags_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    kind = machine(**measuring._gpu(WithGpu)).kind
    assert (kind.gpu, kind.compute_capability, kind.cuda, kind.cudnn) == ("NVIDIA H200", "9.0", "12.8", "91002")
    assert kind.deterministic == {
        "deterministic algorithms": "true", "cudnn.deterministic": "true", "cudnn.benchmark": "false",
        "cudnn.allow_tf32": "true", "matmul.allow_tf32": "false", "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    }  # fmt: skip
