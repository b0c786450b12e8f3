"""Errors that nobody foresaw end in one line."""

from pathlib import Path

import pytest

from sg_assets.cli.unexpected import in_words
from sg_assets.text.lists import counted


def raised(call: object, *arguments: object) -> Exception:
    assert callable(call)
    try:
        call(*arguments)
    except Exception as error:  # noqa: BLE001 - any
        return error
    raise AssertionError("nothing was raised")


def test_an_error_is_named_by_kind_and_place_and_its_text_is_left_out() -> None:
    error = raised(counted, "secret", "b")
    text = str(in_words(error))
    assert text.startswith("text/lists.py, line ")
    assert type(error).__name__ in text
    assert str(error) not in text
    assert "SG_TRACEBACK=1" in text


def test_an_error_outside_the_package_names_its_file() -> None:
    assert str(in_words(raised(int, "secret"))).startswith("test_unexpected.py, line ")
    assert "secret" not in str(in_words(raised(int, "secret")))
    assert str(in_words(ValueError("secret"))).startswith("sg-assets: ")


@pytest.mark.parametrize("name", ["missing/a", "file/a", "folder", "a" * 5000, "loop", "\x1b[31m/a"])
def test_a_path_that_cannot_be_used_is_named_with_what_mends_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    text = str(in_words(raised((tmp_path / name).read_text)))
    assert "cannot be used." in text
    assert "does not know" not in text
    assert text.isprintable()
    assert len(text) < 500
