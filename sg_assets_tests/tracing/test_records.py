"""Which top-level definition a function that was entered belongs to."""

import json
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets_tests.tracing.records import Entered, definition_of, read_records, save

SOURCE = """\
import os
sizes = [(lambda: 1)(), 2]

if os.name:
    @print
    @(lambda function: function)
    def outer():
        def inner(): pass
else:
    first, second = (lambda: 1), 2
"""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "made_for_tracing.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    return "made_for_tracing"


@pytest.mark.parametrize(
    ("qualname", "line", "definition"),
    [
        ("outer", 5, "outer"),
        ("outer.<locals>.inner", 8, "outer"),
        ("<lambda>", 2, "sizes"),
        ("<lambda>", 6, "outer"),
        ("<lambda>", 10, "first"),
        ("elsewhere", 40, "elsewhere"),
    ],
)
def test_a_function_belongs_to_the_definition_named_first_or_around_its_line(
    made: str, qualname: str, line: int, definition: str
) -> None:
    assert definition_of(made, qualname, line) == definition


def test_records_of_all_processes_are_read_together_and_kept_as_rows(tmp_path: Path) -> None:
    line = SgAssetsError.__init__.__code__.co_firstlineno
    record = f'["a/b", "sg_assets.errors", "SgAssetsError.__init__", {line}]\n'
    for pid in ("1", "2"):
        (tmp_path / f"{pid}.jsonl").write_text(record)
    traced = read_records(tmp_path)
    assert traced == {"a/b": {Entered("sg_assets.errors", "SgAssetsError", "SgAssetsError.__init__", line)}}
    save(traced, tmp_path / "trace.json")
    assert json.loads((tmp_path / "trace.json").read_text()) == {
        "a/b": [["sg_assets.errors", "SgAssetsError.__init__", line]]
    }
