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
