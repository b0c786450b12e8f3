"""Sheets: written for their owner, and read back whatever program saved them."""

import stat
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.people.sheet import COLUMNS, read_sheet, write_sheet
from sg_assets_tests.people.labelled_project import NASTY, rows_of, write_rows

TEXTS = [*NASTY, "", "a\r\nb", 'a"";\n"b', "'" * 3, "x" * 40_000, "\x01\x7f", "a;=b\t+c"]
DRAWN = pl.DataFrame(
    {
        "benchmark": "sg_safety", "variant": "base", "item_id": [f"i{n}" for n in range(len(TEXTS))],
        "answer": "0011223344556677", "flag": "is_toxic", "prompt": TEXTS, "response": TEXTS[::-1],
        "position": list(range(len(TEXTS), 0, -1)),
    }
)  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_sheet(tmp_path / "sheet.csv", DRAWN, "s")
    return tmp_path / "sheet.csv"


def test_nasty_texts_come_back_as_they_were(written: Path) -> None:
    read, _ = read_sheet(written)
    assert read["prompt"].to_list() == TEXTS[::-1]
    assert read["answer"].to_list() == TEXTS
    assert read["row"].to_list() == list(range(2, len(TEXTS) + 2))


def test_a_sheet_is_for_its_owner_and_begins_with_the_mark_that_excel_knows_utf_8_by(written: Path) -> None:
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert written.read_bytes()[:3] == b"\xef\xbb\xbf"


def test_no_score_of_a_judge_and_no_label_is_in_a_sheet(written: Path) -> None:
    assert tuple(rows_of(written)[0]) == COLUMNS
    assert {row["label"] for row in rows_of(written)} == {""}


def test_a_file_is_never_written_over(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(SgAssetsError, match=r"exists already.*--out"):
        write_sheet(written, DRAWN, "s")
    assert written.read_bytes() == before


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-8-sig", "\t"), ("utf-16", "\t")]
)
def test_what_spreadsheets_save_in_any_country_is_read(
    written: Path, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    saved = write_rows(rows_of(written), tmp_path / "saved.csv", encoding, delimiter)
    assert read_sheet(saved)[0].equals(read_sheet(written)[0])


def test_columns_that_people_add_and_empty_rows_do_not_count(written: Path, tmp_path: Path) -> None:
    rows = [{**row, "note": "hm"} for row in rows_of(written)]
    empty = dict.fromkeys(rows[0], " ")
    saved = write_rows([rows[0], empty, *rows[1:]], tmp_path / "saved.csv")
    assert read_sheet(saved)[0].height == len(TEXTS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"sample,benchmark\n", "row 1: has no column 'variant'"),
        ((",".join(COLUMNS) + ",label\n").encode(), "has the column 'label' twice"),
        ((",".join(COLUMNS) + "\na,b\n").encode(), "row 2: the row has other cells than the header"),
        ((",".join(COLUMNS) + '\n"a"b,,,,,,,,\n').encode(), "row 2: the quotes of this row"),
        ((",".join(COLUMNS) + "\n,,,,,,\xe9,,\n").encode("latin-1"), "line 2: the file is not in UTF-8.*`CSV UTF-8`"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_by_row(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "sheet.csv"
    file.write_bytes(content)
    with pytest.raises(SgAssetsError, match=message):
        read_sheet(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"gone\.csv: there is no such file"):
        read_sheet(tmp_path / "gone.csv")
