"""What follows from a kind's pattern: the schema, and names of assets in both directions."""

import pytest

from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, SCORE_ITEMS, SCORES
from sg_assets.declarations.kinds.kind import AssetKind, sql_file
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.loading import Declarations

SCORED = AssetKind("scores/*_items")


def test_the_schema_is_the_pattern_s() -> None:
    assert SCORED.schema == "scores"


@pytest.mark.parametrize(("kind", "asset", "table"), [
    (SCORED, "scores/toxigen_items", "toxigen"), (AssetKind("judges/*"), "judges/toxicity", "toxicity"),
    (AssetKind("reports/results"), "reports/results", "results"),
])  # fmt: skip
def test_the_table_of_an_asset_is_what_its_pattern_leaves_open(kind: AssetKind, asset: str, table: str) -> None:
    assert kind.table_of(asset) == table


def test_only_work_with_a_seed_trains() -> None:
    kind = AssetKind("models/chat", trains=True)
    assert kind.is_training({"seed": 0})
    assert not kind.is_training({"repo": "sg/tiny-chat"})
    assert not AssetKind("demo/corpus").is_training({"seed": 0})


def test_an_asset_of_sql_is_declared_in_its_file_and_another_in_none(declared: Declarations) -> None:
    assert list(sql_file(declared, "templated/prompts")) == ["sql/templated/prompts.sql"]
    assert list(sql_file(declared, "raw/forum_comments")) == []


def test_the_name_of_a_benchmark_s_asset_leads_back_to_it() -> None:
    for kind in (RESPONSES, JUDGEMENTS, SCORES, SCORE_ITEMS):
        assert kind.table_of(kind.of("toxigen")) == "toxigen"
        assert kind_of(kind.of("toxigen")) is kind
