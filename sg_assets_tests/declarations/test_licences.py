"""What is declared of licences, and what a variant's card must tell of them."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations import load_declarations
from sg_assets.declarations.licences import Licensed, licences_of
from sg_assets.declarations.records.licence import Licence, Licences
from sg_assets.declarations.records.profile import Profile
from sg_assets_tests.paths import PROJECT


def parts_of(profile: str, variant: str, *, own: bool = False) -> list[Licensed]:
    return licences_of(load_declarations(PROJECT, profile), variant, own_comments=own, own_toxigen=own)


def undeclared(parts: list[Licensed]) -> list[str]:
    return [part.key for part in parts if part.licence is None]


def test_an_spdx_expression_needs_no_more() -> None:
    assert Licences.model_validate({"generator": "apache-2.0"}).generator == Licence(name="apache-2.0")
    assert Licence(name="mit and cdla-permissive-2.0").spdx == "MIT AND CDLA-Permissive-2.0"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("Apache2", "'Apache2' is no SPDX expression, so it needs a url"),
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


def test_a_chat_model_that_is_not_there_names_the_nearest() -> None:
    profile = load_declarations(PROJECT, "demo").profile.model_dump()
    profile["licences"]["chat_models"] = {"bse": {"name": "MIT"}}
    with pytest.raises(ValidationError, match=r"licences\.chat_models: unknown 'bse'\. Did you mean 'base'"):
        Profile.model_validate(profile)


def test_the_demo_makes_all_of_it_under_one_licence() -> None:
    parts = parts_of("demo", "sft_kto")
    assert {part.key for part in parts} == {"licences.made_here"}
    assert {part.licence for part in parts} == {Licence(name="Apache-2.0")}


def test_ones_own_comments_are_under_no_licence_until_one_is_declared() -> None:
    assert undeclared(parts_of("demo", "sft_kto", own=True)) == [
        "licences.sources.comments",
        "licences.sources.toxigen",
    ]


def test_the_paper_profile_leaves_open_what_is_not_known() -> None:
    parts = parts_of("paper", "sft_kto", own=True)
    assert undeclared(parts) == ["licences.judges.broken", "licences.judges.toxigen", "licences.sources.comments"]
    assert parts[0].licence == Licence(name="Llama 3 Community License", url="https://llama.meta.com/llama3/license/")
