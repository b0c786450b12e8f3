"""Errors say what, where, why and what mends it."""

import pickle

import pytest

from sg_assets.code.exclusion_table import reason
from sg_assets.errors import SgAssetsError, nearest


def test_the_message_reads_as_one_paragraph() -> None:
    error = SgAssetsError("unknown mix 'x'", where="models/a.yaml, mix", why="typo", remedy="Did you mean 'y'?")
    assert str(error) == "models/a.yaml, mix: unknown mix 'x'. Typo. Did you mean 'y'?"


def test_what_is_not_known_is_left_out() -> None:
    assert str(SgAssetsError("the file is missing")) == "the file is missing."


def test_the_parts_come_through_another_process() -> None:
    error = pickle.loads(pickle.dumps(SgAssetsError("a", where="b", why="c", remedy="d")))  # noqa: S301
    assert (error.what, error.where, error.why, error.remedy, str(error)) == ("a", "b", "c", "d", "b: a. C. d.")


@pytest.mark.parametrize(
    ("name", "known", "remedy"),
    [
        ("balance", ["unsafe_30", "balanced"], "Did you mean 'balanced'?"),
        ("zzz", ["unsafe_30", "balanced"], "Known: balanced, unsafe_30."),
        ("zzz", [], "None is declared."),
    ],
)
def test_the_nearest_known_value_is_named_or_all(name: str, known: list[str], remedy: str) -> None:
    assert nearest(name, known) == remedy


KINDS = [kind for kind in SgAssetsError.__subclasses__() if kind.__module__ == "sg_assets.errors"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_error_comes_through_another_process_as_itself(kind: type[SgAssetsError]) -> None:
    error = pickle.loads(pickle.dumps(kind("a", where="b", why="c", remedy="d")))  # noqa: S301
    assert (type(error), error.where, str(error)) == (kind, "b", "b: a. C. d.")


def test_every_kind_of_error_is_left_out_of_the_code_of_steps() -> None:
    assert KINDS
    assert all(str(reason("sg_assets.errors", kind.__name__)).startswith("errors: ") for kind in KINDS)
