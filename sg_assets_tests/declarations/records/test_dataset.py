"""Declared datasets."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.dataset import Dataset, DatasetColumn

USUAL = {"name": "d", "description": "x", "repo": "o/d", "revision": "main", "columns": {"prompt": "text"}}


def test_a_column_may_be_given_by_its_name_alone() -> None:
    assert Dataset.model_validate(USUAL).columns == {"prompt": DatasetColumn(column="text")}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"revision": None}, "repo needs a revision"),
        ({"path": "here"}, "needs either repo"),
        ({"files": ["a.csv"], "split": "train"}, "config and split do not apply"),
        ({"columns": {}}, "at least 1 item"),
        ({"columns": {"row_id": "id"}}, "'row_id' is the position"),
        ({"columns": {"Prompt; DROP": "text"}}, "columns"),
        ({"files": ["../../etc/*.csv"]}, "files"),
        ({"trust_remote_code": True}, "Extra inputs"),
        ({"columns": {"n": {"column": "n", "type": "HUGEINT"}}}, "type"),
    ],
)
def test_what_cannot_be_used_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Dataset.model_validate(USUAL | changes)
