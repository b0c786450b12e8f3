"""Names that are safe in paths, SQL and partition keys."""

from pathlib import Path

import pytest

from sg_assets.declarations.names import check_name, check_profile, is_safe_name
from sg_assets.errors import NotDeclaredError


@pytest.mark.parametrize("name", ["a", "sft_r128", "a" * 63])
def test_lower_case_letters_digits_and_underscores_are_safe(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "1a", "_a", "A", "a-b", "a/b", "a b", "é", "a\n", "a" * 64])
def test_any_other_name_is_refused_with_the_rule(name: str) -> None:
    assert not is_safe_name(name)
    with pytest.raises(ValueError, match="lower-case letters, digits and _, a letter first, at most 63"):
        check_name(name)


def test_a_profile_whose_file_ends_otherwise_is_not_declared(tmp_path: Path) -> None:
    (tmp_path / "models/profiles").mkdir(parents=True)
    (tmp_path / "models/profiles/tiny.yml").touch()
    with pytest.raises(NotDeclaredError, match=r"unknown profile 'tiny'.*models/profiles/tiny\.yml is not read"):
        check_profile(tmp_path, "tiny")
    (tmp_path / "models/profiles/tiny.yaml").touch()
    check_profile(tmp_path, "tiny")
