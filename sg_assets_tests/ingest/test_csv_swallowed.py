"""A forgotten quote and a later inch mark are refused by row; ordinary texts of several lines are not."""

import itertools
from collections.abc import Callable

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.csv_dialect import CsvDialect
from sg_assets_tests.ingest.dumps import NAMES, Ingested

COLUMNS: dict[str, Callable[[int, str], list[str]]] = {
    "n,text": lambda row, text: [str(100 + row), text],
    "text,n": lambda row, text: [text, str(100 + row)],
    "day,text": lambda row, text: [f"2024-01-{10 + row} 08:30", text],
    "author,text": lambda row, text: ["uncle88" if row % 2 else "tan_ah_kow", text],
    "n,author,text,score": lambda row, text: [str(100 + row), "ah_boy", text, str(row * 7 % 5)],
}
LAST = ["my tv is 55", "he is 5'11", "everybody say wah", "x"]
"""Texts with a quote behind them."""


def table(header: str, texts: list[str], end: str = "\n") -> str:
    delimiter = next((mark for mark in ";\t|" if mark in header), ",")
    rows = COLUMNS[header.replace(delimiter, ",")]
    return end.join([header, *(delimiter.join(rows(row, text)) for row, text in enumerate(texts)), ""])


def texts(ingested: Ingested, data: str, dialect: CsvDialect | None = None) -> list[str]:
    ingested.write("a.csv", data)
    columns = NAMES.model_copy(update={"csv": dialect or CsvDialect()})
    return ingested.fields(columns)["text"].to_list()


@pytest.mark.parametrize(("header", "last"), list(itertools.product(COLUMNS, LAST)))
@pytest.mark.parametrize("swallowed", [0, 1, 5])
def test_a_forgotten_quote_that_an_inch_mark_closes_is_refused_by_row(
    ingested: Ingested, header: str, last: str, swallowed: int
) -> None:
    rows = ["first", '"quoted, well"', '"forgotten', *["comment"] * swallowed, f'{last}"', "another", "more"]
    with pytest.raises(SgAssetsError, match=r"a\.csv, row 4: .*whole rows.*rows_in_texts: true"):
        texts(ingested, table(header, rows))


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_shows_the_swallowed_rows(ingested: Ingested, delimiter: str, end: str) -> None:
    rows = ["first", '"forgotten', "comment", 'tv 55"', "another"]
    with pytest.raises(SgAssetsError, match="row 3"):
        texts(ingested, table("n,text".replace(",", delimiter), rows, end))


def test_rows_swallowed_by_a_column_that_is_not_read_are_refused(ingested: Ingested) -> None:
    data = 'title,n,text\na b,1,one\n"long title,2,two\nc d,3,three\nsize 5",4,four\ne f,5,five\n'
    with pytest.raises(SgAssetsError, match="row 3"):
        texts(ingested, data)


def test_such_texts_are_read_where_they_are_declared(ingested: Ingested) -> None:
    data = table("n,text", ["first", '"pasted', "comment", 'tv 55"', "another"])
    read = texts(ingested, data, CsvDialect(rows_in_texts=True))
    assert read == ["first", "pasted\n102,comment\n103,tv 55", "another"]


ORDINARY = [
    "wah lau\nso long, the queue", "hello, uncle\nhow are you", "one\n\ntwo, three", "a, b\nc, d\ne, f",
    "1,200 dollars\nand more", "price now\n1,200 dollars", "eggs, 12\nmilk, 2", "first\n2, second", "no\nyes",
    "rank:\n1. laksa, katong\n2. prata, jalan kayu", "lat\n1.3521,103.8198", "bye,\nsee you", "\n\n", ",\n,",
    "meet 8.30,\n9 also can, 10 cannot", "- kopi, peng\n- teh, si\n- milo", "he said:\nok, lor", "a;b\nc;d",
    "so,\nthen,\nhow", "roses are red,\nviolets are blue,\nqueue so long,\nand I need the loo",
    "10,000 views\nwah", "got\n10,000 views", "today 8, tomorrow 9\nthen 10",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_of_several_lines_are_read(ingested: Ingested, text: str) -> None:
    for header in COLUMNS:
        assert texts(ingested, table(header, ["first", "second one", f'"{text}"', "third"]))[2] == text
