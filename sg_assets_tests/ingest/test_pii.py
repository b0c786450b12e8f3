"""What is masked, and that nothing a checksum knows survives."""

import re

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sg_assets.ingest.pii import is_nric, mask, mask_all
from sg_assets_tests.ingest.contact_forms import FORMS, HARMLESS

_LETTERS = {"S": "JZIHGFEDCBA", "T": "GFEDCBAJZIH", "F": "XWUTRQPNMLK", "G": "RQPNMLKXWUT"}


def _nric(series: str, digits: str) -> str:
    """An NRIC by the tables per series, as other implementations write them."""
    total = sum(weight * int(digit) for weight, digit in zip((2, 7, 6, 5, 4, 3, 2), digits, strict=True))
    letter = "KLJNPQRTUWX"[10 - (total + 3) % 11] if series == "M" else _LETTERS[series][total % 11]
    return f"{series}{digits}{letter}"


nrics = st.builds(_nric, st.sampled_from("STFGM"), st.text("0123456789", min_size=7, max_size=7))


@given(nrics)
def test_every_series_is_known(nric: str) -> None:
    assert is_nric(nric)
    assert is_nric(nric.lower())


def test_a_wrong_check_letter_is_no_nric() -> None:
    assert is_nric("S1234567D")
    assert not is_nric("S1234567A")
    assert mask("order S1234567A") == "order S1234567A"


@given(before=st.text(), nric=nrics, between=st.text(max_size=3), other=nrics, after=st.text(), lower=st.booleans())
@example(before="F0000000", nric="T1234567J", between="", other="S1234567D", after="", lower=False)
@example(before="a@b.com", nric="S1234567D", between="@", other="F1234567N", after="@x.sg", lower=False)
def test_no_nric_survives_whatever_surrounds_it(
    before: str, nric: str, between: str, other: str, after: str, lower: bool
) -> None:
    text = before + nric + between + other + after
    masked = mask(text.lower() if lower else text)

    candidates = re.findall(r"(?=([STFGM][0-9]{7}[A-Z]))", masked, re.IGNORECASE)
    assert not [candidate for candidate in candidates if is_nric(candidate)]


@pytest.mark.parametrize(
    "number",
    ["91234567", "8123 4567", "6123-4567", "+6591234567", "+65 9123 4567", "(65) 91234567", "0065 3123 4567"],
)
def test_phone_numbers_are_masked(number: str) -> None:
    assert mask(f"call {number}, ok") == "call <PHONE>, ok"


@pytest.mark.parametrize("number", ["1234", "2024-12-31", "20241231", "912345678", "51234567"])
def test_other_numbers_stay(number: str) -> None:
    assert mask(f"got {number} leh") == f"got {number} leh"


def test_emails_are_masked() -> None:
    assert mask("mail ah.seng+x@mail.example.com.sg lah") == "mail <EMAIL> lah"
    assert mask("mail josé@example.sg") == "mail <EMAIL>"


def test_handles_are_masked() -> None:
    assert mask("@ah_seng and u/some-one and /u/other") == "<HANDLE> and <HANDLE> and <HANDLE>"


def test_a_price_or_a_menu_is_no_handle() -> None:
    assert mask("2 @ $5, @50 each, menu/food") == "2 @ $5, @50 each, menu/food"


def test_a_long_run_of_letters_takes_no_quadratic_time() -> None:
    text = "a" * 300_000 + " @bob"
    assert mask(text).endswith(" <HANDLE>")


def test_nearly_all_forms_are_masked_and_no_harmless_text() -> None:
    """The figures of ``docs/quality.md``."""
    forms = [(kind, form) for kind, kind_forms in FORMS.items() for form in kind_forms]
    missed = [form for kind, form in forms if kind not in mask(f"eh {form} ok")]
    touched = [text for text in HARMLESS if mask(text) != text]
    print(f"recall {len(forms) - len(missed)} of {len(forms)}, touched {len(touched)} of {len(HARMLESS)}")  # noqa: T201
    assert len(missed) <= 0.01 * len(forms), missed
    assert touched == []


@pytest.mark.parametrize("kind", FORMS)
def test_nothing_of_a_masked_form_is_left(kind: str) -> None:
    masked = [mask(f"eh {form} ok") for form in FORMS[kind]]
    assert [text for text in masked if kind in text and re.search(r"[0-9]{3}|boy|some.?name|tan_ah", text)] == []


@pytest.mark.parametrize("kind", FORMS)
def test_texts_around_a_mask_stay_as_they_were(kind: str) -> None:
    around = "\u597d \uff01\u00bd caf\u00e9 \U0001f468\u200d\U0001f469\u200d\U0001f467"
    masked = [mask(f"{around} {form} {around}") for form in FORMS[kind]]
    assert [text for text in masked if not (text.startswith(around) and text.endswith(around))] == []


@given(st.text(alphabet="aSTz1290@.+-_/ u<>\u0338é\u200d\uff10\uff20&;#64%()[]td\n", max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.lists(st.none() | st.text(alphabet="ab 019@.S/u\uff20\u200d\uff55\uff19%40", max_size=30)))
def test_a_series_is_masked_as_its_texts_are(texts: list[str | None]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    expected = [None if text is None else mask(text) for text in texts]
    assert mask_all(series).to_list() == expected
    assert series.to_list() == texts  # not changed in place
