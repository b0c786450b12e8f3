"""CSV: quotes by the rule or not at all, dialects declared or beyond doubt."""

import gzip
from typing import Any

import pyarrow as pa
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.csv_dialect import CsvDialect
from sg_assets.ingest.decompression import Decompressed
from sg_assets_tests.ingest.dumps import NAMES, Ingested

BACKSLASH = NAMES.model_copy(update={"csv": CsvDialect(escape="backslash")})


def texts(ingested: Ingested, data: str | bytes, name: str = "a.csv", **dialect: Any) -> list[str | None]:
    ingested.write(name, data)
    return ingested.fields(NAMES.model_copy(update={"csv": CsvDialect(**dialect)}))["text"].to_list()


def error(ingested: Ingested, data: str | bytes, **dialect: Any) -> str:
    with pytest.raises(SgAssetsError) as caught:
        texts(ingested, data, **dialect)
    return str(caught.value)


def test_quoted_csv_texts_keep_newlines_commas_and_quotes(ingested: Ingested) -> None:
    assert texts(ingested, 'text,n\n"one, ""two""\nthree",1\n') == ['one, "two"\nthree']


LETTERS = ['my 65" tv', '5" x 7"', 'he said "walao"', 'a""b', 'say "', ' "spaced"', "it's", "6'2\""]


@pytest.mark.parametrize("text", LETTERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quote_inside_a_field_without_quotes_is_a_letter(ingested: Ingested, text: str, end: str) -> None:
    data = end.join(["n,text", f"1,{text}", '2,"quoted ""well"""', f"3,{text}", ""])
    assert texts(ingested, data) == [text, 'quoted "well"', text]


FAULTY = {
    "closed too early": ('1,"walao" he said,x', ""),
    "closed by a space": ('1,"walao" ,x', ""),
    "never doubled": ('1,"he said "walao" eh",x', ""),
    "closing quote forgotten": ('1,"one,x\n2,two,x\n3,three 5" pipe,x', ""),
    "closing quote forgotten before a quoted text": ('1,"one,x\n2,"two",x', ""),
    "escaped by a backslash": ('1,"he said \\"walao\\" eh",x', "raw.csv: {escape: backslash}"),
    "escaped by a backslash at the end": ('1,"he said \\"walao\\"",x', "raw.csv: {escape: backslash}"),
    "tripled": ('1,"a"""b",x', ""),
    "never closed": ('1,"one,x\n2,two,x', "never closed"),
}


@pytest.mark.parametrize("case", FAULTY)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", [0, 40])
def test_a_wrong_quote_is_refused_by_its_row(ingested: Ingested, case: str, end: str, before: int) -> None:
    bad, remedy = FAULTY[case]
    rows = ["n,text,m", *['7,"good\n""text""",x', "", "8,good,x"] * before, bad, "9,good,x", ""]
    message = error(ingested, "\n".join(rows).replace("\n", end))
    assert f"a.csv, row {2 + 2 * before}: a quote" in message
    assert remedy in message


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.zst"])
def test_the_row_is_found_whatever_the_compression_and_the_blocks(
    ingested: Ingested, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sg_assets.ingest.csv_reader.BLOCK", 512)
    data = b"\xef\xbb\xbfn,text\n" + b'1,"good ""text"""\n' * 300 + b'2,"bad" text\n'
    if name.endswith("gz"):
        data = gzip.compress(data)
    elif name.endswith("zst"):
        data = pa.compress(data, codec="zstd", asbytes=True)
    ingested.write(name, data)
    with pytest.raises(SgAssetsError, match="row 302: a quote inside a quoted text"):
        ingested.fields()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (r'"he said \"walao\" eh"', 'he said "walao" eh'),
        (r'"ends \""', 'ends "'),
        (r'"C:\\dir\\"', "C:\\dir\\"),
        (r'"a \n is two letters"', r"a \n is two letters"),
        ('"two\\\nlines"', "two\nlines"),
        (r'"doubled ""too"""', 'doubled "too"'),
        (r"plain \" quote", 'plain " quote'),
        (r"comma \, in", "comma , in"),
        (r"\N", None),
        ('"line, ""\nend"', 'line, "\nend'),
    ],
)
def test_backslashes_escape_where_that_is_declared(ingested: Ingested, field: str, text: str | None) -> None:
    assert texts(ingested, f"text,n\n{field},1\nlast,2\n", escape="backslash") == [text, "last"]


@pytest.mark.parametrize("block", [1, 2, 3, 7])
def test_an_escape_may_lie_across_blocks(ingested: Ingested, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def read(self, _: int) -> Any:
            return self._stream.read(block)

        def close(self) -> None:
            self._stream.close()

        def __enter__(self) -> "Slow":
            return self

        def __exit__(self, *_: object) -> None:
            self.close()

    opened = Decompressed
    monkeypatch.setattr("sg_assets.ingest.files.Decompressed", lambda path, codec: Slow(opened(path, codec)))
    data = 'text,n\n"a \\" b \\\\ c \\n ""d""",1\n'
    assert texts(ingested, data, escape="backslash", delimiter=",") == ['a " b \\ c \\n "d"']


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_that_gives_a_text_is_taken(ingested: Ingested, delimiter: str) -> None:
    rows = [["id", "text", "n"], ["1", f'"one{delimiter} two"', "3"]]
    assert texts(ingested, "".join(delimiter.join(row) + "\n" for row in rows)) == [f"one{delimiter} two"]


def test_a_header_of_one_name_has_commas(ingested: Ingested) -> None:
    assert texts(ingested, "text\na;b|c\n") == ["a;b|c"]


def test_a_header_that_fits_two_delimiters_is_refused(ingested: Ingested) -> None:
    message = error(ingested, "text,a;text\n1,2;3\n")
    assert "a.csv, row 1: the delimiter may be any of ',' ';'" in message
    assert "raw.csv: {delimiter: ...}" in message
    assert texts(ingested, "text,a;text\n1,2;3\n", delimiter=",") == ["1"]


def test_a_declared_quote_is_taken(ingested: Ingested) -> None:
    assert texts(ingested, "text,n\n'a, \"b\" ''c''',1\n", quote="'") == ["a, \"b\" 'c'"]


def test_without_a_quote_quotes_are_letters(ingested: Ingested) -> None:
    assert texts(ingested, 'text\tn\n"a\t1\nb" c\t2\n', quote=None) == ['"a', 'b" c']


def test_a_header_that_is_not_utf8_is_refused(ingested: Ingested) -> None:
    assert "row 1: the header is not UTF-8" in error(ingested, b"text,n\xe9\na,1\n")


def test_a_ragged_row_is_named_though_blank_lines_stand_before(ingested: Ingested) -> None:
    assert "row 3: the row has 1 fields" in error(ingested, "\n\ntext,n\n\n1,2\n\nlast\n")
