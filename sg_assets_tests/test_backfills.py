"""Launching exact partitions on a server."""

from sg_assets.backfills import partitions_by_assets
from sg_assets.store.refs import Ref


def test_partitions_are_given_asset_by_asset_and_keys_only_where_there_are_any() -> None:
    refs = [Ref.parse(name) for name in ("scores/s[a]", "reports/results", "scores/s[b]")]
    assert partitions_by_assets(refs) == [
        {"assetKey": {"path": ["scores", "s"]}, "partitions": {"partitionKeys": ["a", "b"]}},
        {"assetKey": {"path": ["reports", "results"]}},
    ]
