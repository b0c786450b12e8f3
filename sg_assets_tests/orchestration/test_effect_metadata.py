"""The share of an adapter's effect in the Dagster UI."""

from types import SimpleNamespace
from typing import Any

from sg_assets.orchestration.effect_metadata import effect_of_adapter, effect_seen
from sg_assets_tests.adapters.test_seen_effects import ADAPTER


def version(details: dict[str, Any]) -> Any:
    return SimpleNamespace(details=details)


def test_the_least_share_is_shown() -> None:
    shown = effect_seen(version({"sessions": [{"adapter_effect": 0.95}, {"adapter_effect": 0.99}]}))
    assert {name: value.value for name, value in shown.items()} == {"adapter_effect": 0.95}


def test_the_size_of_an_adapter_s_effect_is_shown() -> None:
    shown = effect_of_adapter(version(ADAPTER))
    assert {name: value.value for name, value in shown.items()} == {"effect_nats_per_token": 0.5}


def test_versions_of_before_there_were_probes_show_nothing() -> None:
    assert effect_seen(version({})) == {} == effect_of_adapter(version({}))
