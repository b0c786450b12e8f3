"""Where the files of a model come from."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.model_files import FileSource, ModelFiles

HUB = {"repo": "sg/tiny-chat", "revision": "main"}


def test_where_a_folder_lies_is_no_part_of_a_recipe() -> None:
    declared = ModelFiles(path="/a/b", tokenizer=FileSource(path="c"), weights=("x.safetensors",))
    assert recipe_parameters(declared) == {"trust_remote_code": False, "weights": ["x.safetensors"], "tokenizer": {}}


def test_a_repository_s_recipe_is_that_of_before_folders() -> None:
    assert recipe_parameters(ModelFiles.model_validate(HUB)) == {**HUB, "trust_remote_code": False}


@pytest.mark.parametrize("wrong", [{"repo": "tiny"}, {"repo": "../x"}, {"revision": ""}, {"revision": "-x"}])
def test_names_that_are_none_of_the_hub_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="String should match pattern"):
        ModelFiles.model_validate(HUB | wrong)


def test_a_repository_s_code_is_not_trusted_unless_it_is_declared() -> None:
    assert not ModelFiles.model_validate(HUB).trust_remote_code


@pytest.mark.parametrize("pattern", ["../x", "/etc/x", "a/../b", ".x", "a\\b", "", "a//b", "a/", "x\ny"])
def test_an_unsafe_pattern_is_no_declaration(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        ModelFiles(repo="sg/x", revision="main", weights=(pattern,))


@pytest.mark.parametrize("path", ["", "~/mine", "../mine", "a/../../b", "a\x00b", "a\nb"])
def test_a_path_that_leads_elsewhere_is_no_declaration(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        ModelFiles(path=path)


@pytest.mark.parametrize(("declared", "says"), [
    ({}, "either repo"),
    ({"repo": "a/b", "revision": "main", "path": "x"}, "not both"),
    ({"repo": "a/b"}, "needs a revision"),
    ({"path": "x", "revision": "main"}, "no revision"),
])  # fmt: skip
def test_files_come_from_one_source(declared: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ModelFiles.model_validate(declared)
