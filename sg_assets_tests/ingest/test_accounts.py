"""E-mail addresses, handles and profile pages in folded texts."""

import pytest

from sg_assets.ingest.accounts import EMAIL, HANDLES


@pytest.mark.parametrize(
    "address", ["boy@mail.com", "boy (at) mail (dot) com", "boy%40mail.com", "boy&#64;mail.com", "boy at gmail dot com"]
)
def test_an_address_is_matched_as_a_whole(address: str) -> None:
    match = EMAIL.search(f"write: {address}, ok")
    assert match
    assert match[0] == address


def test_of_a_profile_page_the_name_is_the_account() -> None:
    (match,) = (page for pattern in HANDLES for page in pattern.finditer("see https://t.me/ahboy?start=1"))
    assert match["name"] == "ahboy"


@pytest.mark.parametrize(
    "text", ["meet @7pm", "@_@", "instagram.com/p/abc", "fedex.com/track", "menu/food", "look at google dot com"]
)
def test_what_is_no_account_is_not_matched(text: str) -> None:
    assert [pattern.search(text) for pattern in (EMAIL, *HANDLES)] == [None] * 4
