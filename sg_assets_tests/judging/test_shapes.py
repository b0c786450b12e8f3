import pytest

from sg_assets.judging.shapes import shapes


def test_letters_and_digits_become_their_kind_and_runs_one_sign() -> None:
    assert shapes("Bus 65, lah!") == "^Aa+ 9+, a+! END-!"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("SSorry, no", "STUTTER"),
        ("the The cat", "AGAIN"),
        ("ha no ha", "BACK"),
        ("can cannot", "GROWN"),
    ],
)
def test_what_a_fluent_writer_seldom_does_is_marked(text: str, mark: str) -> None:
    assert mark in shapes(text).split()
    assert mark not in shapes("I like that old place.").split()


def test_the_end_is_told() -> None:
    assert shapes("so what").endswith("END-w")
    assert shapes("so what? ").endswith("END-?")


def test_an_empty_text_has_an_empty_end() -> None:
    assert shapes("") == "END-"
