"""Annotations that are written as texts are read like others."""

import ast

import pytest

from sg_assets.code.annotations import unquoted


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'Store'", "Store"),
        ("Mapping[str, 'Store']", "Mapping[str, Store]"),
        ("'Mapping[str, \"Store\"]'", "Mapping[str, Store]"),
        ("Literal['table']", "Literal['table']"),
        ("Annotated['Store', 'a text']", "Annotated[Store, 'a text']"),
        ("'not a type'", "'not a type'"),
    ],
)
def test_texts_stand_for_types_where_they_are_no_values(written: str, read: str) -> None:
    assert ast.unparse(unquoted(ast.parse(written, mode="eval").body)) == read
