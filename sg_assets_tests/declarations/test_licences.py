"""What is declared of licences, and what a variant's card must tell of them."""

from sg_assets.declarations import load_declarations
from sg_assets.declarations.licences import Licensed, licences_of
from sg_assets.declarations.records.licence import Licence
from sg_assets_tests.paths import PROJECT


def parts_of(profile: str, variant: str, *, own: bool = False) -> list[Licensed]:
    return licences_of(load_declarations(PROJECT, profile), variant, own_comments=own, own_toxigen=own)


def undeclared(parts: list[Licensed]) -> list[str]:
    return [part.key for part in parts if part.licence is None]


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
