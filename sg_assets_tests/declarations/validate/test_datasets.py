"""Datasets that a profile names."""

from typing import Any

import pytest

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.dataset import Dataset, DatasetSources
from sg_assets.declarations.validate.datasets import check_sources


def messages(
    declared: Declarations, columns: dict[str, Any], broken: tuple[str, ...] = (), **sources: str
) -> list[str]:
    data = Dataset.model_validate(
        {"name": "forum", "description": "x", "repo": "o/d", "revision": "main", "columns": columns}
    )
    problems = Problems()
    profile = declared.profile.model_copy(update={"sources": DatasetSources(**sources)})
    check_sources(profile, {"forum": data}, problems, broken)
    return problems.messages


def test_datasets_with_the_columns_that_are_read_have_no_error(declared: Declarations) -> None:
    assert messages(declared, {"text": "body", "source": "sub"}, comments="forum") == []
    assert messages(declared, {"prompt": "p", "group": "g", "label": "l"}, toxigen="forum") == []


def test_an_unknown_dataset_names_the_nearest(declared: Declarations) -> None:
    [message] = messages(declared, {"text": "body"}, comments="forums")
    assert message.endswith("sources.comments: unknown dataset 'forums'. Did you mean 'forum'?")
    assert messages(declared, {"text": "body"}, broken=("forums",), comments="forums") == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"source": "sub"}, "columns: 'text' is needed"),
        ({"text": "body", "score": "score"}, "columns: 'score' is not read"),
        ({"text": {"column": "body", "type": "BIGINT"}}, "columns.text.type: is BIGINT"),
        ({"text": {"column": "body", "values": {"a": "b"}}}, "columns.text.values: cannot be used"),
    ],
)
def test_columns_that_comments_cannot_have_are_refused(
    declared: Declarations, columns: dict[str, Any], says: str
) -> None:
    [message] = messages(declared, columns, comments="forum")
    assert says in message
