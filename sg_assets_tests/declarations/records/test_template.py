"""A template has one place for the text."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.template import Template


@pytest.mark.parametrize(("text", "times"), [("no place", 0), ("{text} {text}", 2)])
def test_the_text_goes_in_once(text: str, times: int) -> None:
    with pytest.raises(ValidationError, match=f"exactly once, holds it {times} times"):
        Template(id="t", text=text, safe_ok=True)
