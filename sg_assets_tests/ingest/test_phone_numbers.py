"""Phone numbers in folded texts."""

import pytest

from sg_assets.ingest.phone_numbers import phone_spans


def numbers(text: str) -> list[str]:
    return [text[start:end] for start, end in phone_spans(text)]


@pytest.mark.parametrize(
    "number", ["91234567", "9123 4567", "91 23 45 67", "912-345-67", "9 1 2 3 4 5 6 7", "9123 - 4567"]
)
@pytest.mark.parametrize("code", ["", "+65 ", "65-", "0065 ", "(+65) "])
def test_a_number_is_known_with_and_without_its_country_code(code: str, number: str) -> None:
    assert numbers(f"hp {code}{number}, ok") == [code + number]


def test_two_numbers_in_a_row_are_two() -> None:
    assert numbers("9123 4567 8123 4567/61234567") == ["9123 4567", "8123 4567", "61234567"]


@pytest.mark.parametrize("number", ["+60 12-345 6789", "+44 20 7946 0958", "+1 (415) 555-2671", "0060123456789"])
def test_a_number_of_another_country_is_known_by_its_plus(number: str) -> None:
    assert numbers(f"call {number} now") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2024",
        "$85000000",
        "3000-4000",
        "30 31 36 40 42 44",
        "order no. 91234567",
        "0.91234567",
        "6-3 6-4 6-2 6-1",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert numbers(f"it is {text} lah") == []
