"""Lists cut after some entries."""

import pytest

from sg_assets.text.lists import counted, first_with_count, listed


@pytest.mark.parametrize(
    ("number", "text"), [(0, ""), (1, "1"), (2, "1, 2"), (3, "1, 2 and 1 more"), (5, "1, 2 and 3 more")]
)
def test_names_beyond_the_first_are_counted(number: int, text: str) -> None:
    assert listed(range(1, number + 1), 2) == text


def test_entries_beyond_the_first_are_one_entry_more() -> None:
    assert first_with_count("abc", 3) == ["a", "b", "c"]
    assert first_with_count("abcd", 2) == ["a", "b", "and 2 more"]


@pytest.mark.parametrize(("number", "text"), [(0, "0 runs"), (1, "1 run"), (1234, "1,234 runs")])
def test_a_noun_is_in_the_plural_unless_there_is_one(number: int, text: str) -> None:
    assert counted(number, "run") == text
