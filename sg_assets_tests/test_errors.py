"""Errors say what, where, why and what mends it."""

import pickle

import pytest

from sg_assets.errors import SgAssetsError, nearest


def test_the_message_reads_as_one_paragraph() -> None:
    error = SgAssetsError("unknown mix 'x'", where="models/a.yaml, mix", why="typo", remedy="Did you mean 'y'?")
    assert str(error) == "models/a.yaml, mix: unknown mix 'x'. typo. Did you mean 'y'?"


def test_what_is_not_known_is_left_out() -> None:
    assert str(SgAssetsError("the file is missing")) == "the file is missing."


def test_the_parts_come_through_another_process() -> None:
    error = pickle.loads(pickle.dumps(SgAssetsError("a", where="b", why="c", remedy="d")))  # noqa: S301
    assert (error.what, error.where, error.why, error.remedy, str(error)) == ("a", "b", "c", "d", "b: a. c. d.")


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("balance", ["unsafe_30", "balanced"], "Did you mean 'balanced'?"),
        ("zzz", ["unsafe_30", "balanced"], "Known: balanced, unsafe_30."),
        ("zzz", [], "None is declared."),
    ],
)
def test_the_nearest_known_value_is_named_or_all(name: str, known: list[str], told: str) -> None:
    assert nearest(name, known) == told
