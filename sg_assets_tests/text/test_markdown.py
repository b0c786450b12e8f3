"""Markdown that shows values as they are written."""

import pytest

from sg_assets.text.markdown import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a | b", r"a \| b"), ("<b>", r"&lt;b\>"), ("a\nb", "a b"), ("*x*_[y]", r"\*x\*\_\[y\]"), ("R&D", "R&amp;D")],
)
def test_markup_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown
