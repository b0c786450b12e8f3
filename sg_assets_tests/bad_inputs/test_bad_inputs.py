"""Each bad input ends in a clear error within seconds: what, where, why, remedy; no traceback, nothing published."""

import importlib
import pkgutil
import time
from pathlib import Path

import pytest

import sg_assets_tests.bad_inputs
from sg_assets_tests.bad_inputs.bad_input import BadInput

SECONDS = 10
"""The longest that any bad input may take."""
LISTS = [
    importlib.import_module(module.name)
    for module in pkgutil.iter_modules(sg_assets_tests.bad_inputs.__path__, "sg_assets_tests.bad_inputs.")
    if module.name.endswith("_inputs") and not module.name.endswith("test_bad_inputs")
]
CASES = [
    pytest.param(case, id=f"{cases.__name__.rpartition('.')[2]}-{case.name}") for cases in LISTS for case in cases.CASES
]


@pytest.mark.parametrize("case", CASES)
def test_a_bad_input_is_answered(case: BadInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The command line sets it for the processes it starts; the undoing of the patch takes it away again.
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.delenv("PYTHONSAFEPATH")
    started = time.monotonic()
    answer = case.act(tmp_path, monkeypatch)
    assert time.monotonic() - started < SECONDS
    assert "Traceback" not in answer
    assert [part for part in case.says if part not in answer] == [], answer
