"""Names that are safe in paths, SQL and partition keys."""

import pytest

from sg_assets.declarations.names import check_name, is_safe_name


@pytest.mark.parametrize("name", ["a", "sft_r128", "a" * 63])
def test_lower_case_letters_digits_and_underscores_are_safe(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "1a", "_a", "A", "a-b", "a/b", "a b", "é", "a\n", "a" * 64])
def test_any_other_name_is_refused_with_the_rule(name: str) -> None:
    assert not is_safe_name(name)
    with pytest.raises(ValueError, match="lower-case letters, digits and _, a letter first, at most 63"):
        check_name(name)
