"""SQL texts are read within limits."""

import os
from pathlib import Path

import pytest

from sg_assets.declarations.sql_text import MOST_BYTES, SqlText, read_sql_text, require_plain, shown
from sg_assets.errors import SgAssetsError


def read(folder: Path, data: bytes) -> str:
    path = folder / "extra.sql"
    path.write_bytes(data)
    return read_sql_text(path, "sql/templated/extra.sql")


def test_a_file_s_errors_name_line_and_column() -> None:
    text = "SELECT 1\nFROM x"
    assert SqlText(text, "sql/a/b.sql").at(text.index("x")) == "sql/a/b.sql, line 2, column 6"


def test_errors_of_a_text_inside_of_another_file_name_its_key_alone() -> None:
    assert SqlText("SELECT 1\nFROM x", "models/b.yaml, items").at(10) == "models/b.yaml, items"


def test_a_byte_order_mark_and_line_ends_of_other_systems_make_no_difference(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfSELECT 1\r\nFROM x\r") == "SELECT 1\nFROM x\n"


UNREADABLE = {
    "utf-16 little": ("SELECT 1".encode("utf-16-le"), "holds the invisible character U+0000"),
    "utf-16 with a mark": ("SELECT 1".encode("utf-16"), "UTF-16"),
    "utf-16 big with a mark": (b"\xfe\xff" + "SELECT 1".encode("utf-16-be"), "UTF-16"),
    "latin-1": (b"SELECT 1\nAS caf\xe9", "line 2: is not UTF-8 text"),
    "a nul": (b"SELECT 1\n-- \0", "line 2, column 4: holds the invisible character U+0000"),
    "an escape sequence": (b"SELECT '\x1b[31m'", "U+001B"),
    "text from right to left": ("SELECT 1 -- \u202e".encode(), "U+202E"),
    "a line separator": ("SELECT 1 -- \u2028 FROM x".encode(), "U+2028"),
    "too long": (b"SELECT '" + b"x" * MOST_BYTES + b"'", "bytes of SQL"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_plain_text_is_refused_by_file(tmp_path: Path, case: str) -> None:
    data, message = UNREADABLE[case]
    with pytest.raises(SgAssetsError) as caught:
        require_plain(SqlText(read(tmp_path, data), "sql/templated/extra.sql"))
    assert str(caught.value).startswith("sql/templated/extra.sql")
    assert message in str(caught.value)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "extra.sql")
    with pytest.raises(SgAssetsError, match="is not a regular file"):
        read_sql_text(tmp_path / "extra.sql", "sql/templated/extra.sql")


def test_a_link_to_nowhere_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "extra.sql").symlink_to("/nowhere/extra.sql")
    with pytest.raises(SgAssetsError, match="the file cannot be read"):
        read_sql_text(tmp_path / "extra.sql", "sql/templated/extra.sql")


def test_sql_in_errors_is_a_short_line() -> None:
    assert shown("a\n  b") == "a b"
    assert len(shown("x" * 500)) == 80
