"""Sheets of labels that are wrong, and labels that cannot be taken."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from sg_assets.people.label_rows import labels_of, sample_of
from sg_assets.people.label_store import checked_annotator
from sg_assets.people.sheet import read_sheet, write_sheet
from sg_assets_tests.bad_inputs.bad_input import Act, BadInput, error_of

DRAWN = pl.DataFrame(
    {
        "benchmark": "b", "variant": "v", "item_id": ["i1", "i2"], "answer": ["d1", "d2"], "flag": "is_toxic",
        "cluster_id": "t", "slices": [["a=b"]] * 2, "stratum": "s", "inclusion": 0.5, "at_random": True,
        "position": [1, 2], "prompt": ["=1", "p2"], "response": ["private text", "r2"],
    }
)  # fmt: skip


def _edited(old: str, new: str, encoding: str = "utf-8") -> Act:
    """A sheet that was filled in and edited by hand before it is taken in."""

    def act(folder: Path, _: pytest.MonkeyPatch) -> str:
        file = folder / "sheet.csv"
        write_sheet(file, DRAWN, "sample")
        text = file.read_text(encoding="utf-8-sig").replace('"private text",""', '"private text","yes"')
        assert old in text
        file.write_bytes(text.replace(old, new).encode(encoding))
        message = error_of(lambda: _read(file))
        assert "private" not in message
        return message

    return act


def _read(file: Path) -> None:
    sheet, _ = read_sheet(file)
    sample_of(sheet, file)
    labels_of(
        sheet, DRAWN, means={}, declared_in="models/profiles/tiny.yaml, labels", annotator="A",
        imported=datetime(2026, 11, 30, tzinfo=UTC), file=file,
    )  # fmt: skip


def _label(word: str) -> BadInput:
    """A word that is no label."""
    act = _edited('"private text","yes"', f'"private text","{word}"')
    return BadInput(f"label {word!r}", act, ("sheet.csv, row 2", "not a label", "yes, no", "means: {"))


def _nobody(name: str) -> BadInput:
    def act(_: Path, __: pytest.MonkeyPatch) -> str:
        return error_of(lambda: checked_annotator(name))

    return BadInput(f"labels of {name!r}", act, ("--annotator", "Name who gave them"))


CASES = [
    *map(_label, ["toxic", "yes?", "1", "n/a", "maybe not", "TRUE"]),
    *map(_nobody, ["", " ", "a\tb\x1b"]),
    BadInput("no column of labels", _edited('"label"', '"Label?"'), ("row 1", "no column 'label'", "sg-assets label")),
    BadInput("columns in one cell", _edited('","', "|"), ("row 1", "has no column")),
    BadInput("a prompt edited", _edited('p2"', 'p3"'), ("row 3", "the prompt was edited", "nothing but the column")),
    BadInput("an answer edited", _edited("private text", "private"), ("row 2", "the answer was edited")),
    BadInput("another flag", _edited('"is_toxic","\'p2"', '"is_rude","p2"'), ("row 3", "the flag was edited")),
    BadInput("another digest", _edited('"\'d2"', '"d3"'), ("row 3", "the digest of the answer differs")),
    BadInput("an answer twice", _edited('"\'i2"', '"i1"'), ("row 3", "comes twice")),
    BadInput("an unknown answer", _edited('"\'i2"', '"i3"'), ("row 3", "was not drawn")),
    BadInput("another sample", _edited('"sample","b","v","\'i2"', '"other","b","v","i2"'), ("row 3", "another sample")),
    BadInput("a cell too few", _edited(',"\'r2",""', ',"r2"'), ("row 3", "other cells than the header")),
    BadInput("an open quote", _edited('r2",""', 'r2","'), ("row 3", "quotes of this row are not closed")),
    BadInput("another encoding", _edited('r2"', 'r\xe9"', "latin-1"), ("not in UTF-8", "CSV UTF-8")),
    BadInput("no labels", _edited('"yes"', '" "'), ("no label", "yes, no or undecided")),
]  # fmt: skip
