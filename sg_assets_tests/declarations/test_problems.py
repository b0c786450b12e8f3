"""Errors are collected and raised together."""

import pytest

from sg_assets.declarations.problems import Problems
from sg_assets.errors import InvalidDeclarationError, SgAssetsError


def fail(text: str) -> int:
    raise SgAssetsError(text)


def test_a_reader_s_result_is_handed_on() -> None:
    assert Problems().call(len, "abc") == 3


def test_every_error_is_a_line_and_counted() -> None:
    problems = Problems()
    assert problems.call(fail, "a is wrong") is None
    problems.add(SgAssetsError("b is wrong"))
    with pytest.raises(InvalidDeclarationError) as caught:
        problems.raise_any()
    assert str(caught.value).splitlines() == ["2 declaration(s) are wrong:", "- a is wrong.", "- b is wrong."]


def test_an_error_that_reports_several_counts_as_several() -> None:
    problems = Problems()
    problems.add(SgAssetsError("a is wrong\n- b is wrong"))
    with pytest.raises(InvalidDeclarationError, match=r"^2 declaration"):
        problems.raise_any()


def test_without_an_error_nothing_is_raised() -> None:
    Problems().raise_any()


def test_errors_of_other_kinds_are_not_collected() -> None:
    problems = Problems()
    with pytest.raises(ValueError, match="invalid literal"):
        problems.call(int, "x")
    assert problems.messages == []
