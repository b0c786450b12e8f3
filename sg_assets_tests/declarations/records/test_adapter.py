"""Where an adapter comes from."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.adapter import AdapterSource


@pytest.mark.parametrize("repo", ["one", "../x", "a/b/c", "a/../b", "-a/b"])
def test_a_repository_is_named_by_owner_and_name(repo: str) -> None:
    with pytest.raises(ValidationError, match="repo"):
        AdapterSource(repo=repo, revision="main")


def test_where_the_folder_lies_is_no_part_of_recipes() -> None:
    first, second = AdapterSource(path="/a"), AdapterSource(path="/b")
    assert recipe_parameters(first) == recipe_parameters(second)
