"""Selection of partitions by name."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.status.selection import named_refs, selected_refs
from sg_assets_tests.status.small import SmallGraph


@pytest.mark.parametrize(("name", "message"), [
    ("ktoo", "Did you mean 'kto'"), ("scores/t", "Did you mean 'scores/s'"), ("scores/s[no]", "unknown partition"),
    ("../etc", "is not the name of an asset"),
])  # fmt: skip
def test_a_name_that_stands_for_nothing_says_the_nearest(built: SmallGraph, name: str, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        selected_refs(built.graph, built.variants, [name])


def test_a_schema_an_asset_and_a_partition_can_be_named(built: SmallGraph) -> None:
    def selected(name: str) -> list[str]:
        return [str(ref) for ref in selected_refs(built.graph, built.variants, [name])]

    assert selected("adapters") == selected("adapters/sft") == ["adapters/sft[sft]", "adapters/sft[kto]"]
    assert selected("adapters/sft[kto]") == ["adapters/sft[kto]"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("score/*", "Did you mean 'scores/*'"), ("scores/t", "Did you mean"), ("scores/s[x]", "unknown partition")],
)
def test_a_name_to_accept_that_stands_for_nothing_says_the_nearest(built: SmallGraph, name: str, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message.replace("*", r"\*").replace("[", r"\[")):
        named_refs(built.graph, built.variants, [name])


def test_naming_nothing_accepts_nothing(built: SmallGraph) -> None:
    with pytest.raises(SgAssetsError, match="no asset or variant is named"):
        named_refs(built.graph, built.variants, [])


def test_all_names_every_partition(built: SmallGraph) -> None:
    assert named_refs(built.graph, built.variants, ["all"]) == list(built.graph.refs)
