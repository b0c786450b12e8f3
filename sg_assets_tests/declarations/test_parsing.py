"""Parsing SELECTs: the statements and the assets that their text names."""

import pytest

from sg_assets.declarations.sql import parse_query


@pytest.mark.parametrize("text", ["SELECT 1;", "SELECT 1 ;\n"])
def test_a_closing_semicolon_is_no_second_statement(text: str) -> None:
    assert ";" not in parse_query(text, where="here").text


def test_a_common_table_is_no_asset_however_it_is_spelt() -> None:
    assert parse_query("WITH Chosen AS (SELECT 1 FROM raw.t) FROM chosen", where="here").tables == ("raw/t",)
