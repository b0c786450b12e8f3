import pytest

from sg_assets.ingest.csv_dialect import CsvDialect


@pytest.mark.parametrize(
    ("start", "delimiter", "names"),
    [
        (b"a;b\nc;d", ";", ["a", "b"]),
        (b"\r\n\na\tb", "\t", ["a", "b"]),
        (b'"a;b";c', ";", ["a;b", "c"]),
        (b"a;b", ",", ["a;b"]),
        (b"", ",", []),
    ],
)
def test_a_header_is_read_with_each_delimiter(start: bytes, delimiter: str, names: list[str]) -> None:
    assert CsvDialect().header(start, delimiter) == names


def test_quotes_are_letters_where_no_quote_is_declared() -> None:
    assert CsvDialect(quote=None).header(b'"a\tb"', "\t") == ['"a', 'b"']


def test_only_backslashes_that_escape_are_left_single() -> None:
    dialect = CsvDialect(delimiter=";", escape="backslash")
    assert dialect.for_parser(rb"a\"b \n c\\d \; \N \,") == rb"a\"b \\n c\\d \; \\N \\,"
    assert CsvDialect().for_parser(rb"a\n") == rb"a\n"
