import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum import ColumnNames
from sg_assets_tests.ingest.dumps import Ingested


def test_the_first_accepted_name_a_file_has_wins(ingested: Ingested) -> None:
    ingested.write("a.csv", "body,selftext\nno,yes\n")
    ingested.read(ColumnNames(text=("SelfText", "body")))
    assert ingested.comments["text"].to_list() == ["yes"]


def test_no_column_for_the_text_says_what_was_found_and_what_mends_it(ingested: Ingested) -> None:
    ingested.write("a.csv", "id,msg\n1,x\n")
    with pytest.raises(SgAssetsError) as caught:
        ingested.read(ColumnNames(text=("text", "body")))
    for part in ("a.csv", "id, msg", "text, body", "raw.columns.text"):
        assert part in str(caught.value)


@pytest.mark.parametrize("header", ["text,text", "Text,n,text", "text,split,SPLIT", " text,text "])
def test_two_columns_of_one_name_are_refused(ingested: Ingested, header: str) -> None:
    ingested.write("a.csv", f"{header}\n" + ",".join("x" for _ in header.split(",")))
    with pytest.raises(SgAssetsError, match=r"a\.csv: two columns have the name (text|split)"):
        ingested.fields()


def test_two_columns_that_are_not_read_may_have_one_name(ingested: Ingested) -> None:
    ingested.write("a.csv", "text,,\none,,\n")
    assert ingested.fields().height == 1


def test_in_csv_too_the_text_is_chosen_row_by_row(ingested: Ingested) -> None:
    ingested.write("a.csv", "body,text,forum,source\na,,f,\nb, ,,\nc,t,f,s\n")
    assert ingested.fields().select("text", "source").rows() == [("a", "f"), ("b", None), ("t", "s")]
