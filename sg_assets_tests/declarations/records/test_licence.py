"""Licences as they are declared."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.licence import Licence, Licences


def test_an_spdx_expression_needs_no_more() -> None:
    assert Licences.model_validate({"generator": "apache-2.0"}).generator == Licence(name="apache-2.0")
    assert Licence(name="mit and cdla-permissive-2.0").spdx == "MIT AND CDLA-Permissive-2.0"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("Apache2", "'Apache2' is not an SPDX expression, so it needs a url"),
        ({"name": "Own terms"}, "needs a url"),
        ({"name": "Own terms", "url": "see the wiki"}, "url"),
        ({"name": "Own terms", "url": "https://x.org/) [y](z"}, "url"),
        ("", "at least 1 character"),
        ({"url": "https://x.org"}, "name"),
    ],
)
def test_what_leads_to_no_terms_is_refused(wrong: Any, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Licences.model_validate({"generator": wrong})
