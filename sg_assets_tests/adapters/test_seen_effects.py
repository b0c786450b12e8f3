"""Shares of an adapter's effect, as manifests hold them."""

from typing import Any

import pytest

from sg_assets.adapters.probe import PROBE, AdapterProbe
from sg_assets.adapters.probe_chats import ProbeItem
from sg_assets.adapters.seen_effects import effect_text, least_effect

PROBED = AdapterProbe(items=(ProbeItem(prompt=(1,), answer=(2,)),), base=(-1.0,), adapted=(-1.5,))
ADAPTER = {PROBE: PROBED.model_dump(mode="json")}


@pytest.mark.parametrize(
    ("details", "least"),
    [
        ({"sessions": [{"adapter_effect": 0.95}, {"adapter_effect": 0.99}, {"run_id": "r"}]}, 0.95),
        ({"tasks": {"bbh": {"adapter_effect": 0.98}, "musr": {"adapter_effect": None}}}, 0.98),
        ({"adapter_effect": 1.0}, 1.0),
        ({"sessions": [{"run_id": "before probes"}]}, None),
        ({"tasks": 3}, None),
        ({}, None),
    ],
)
def test_the_least_share_counts(details: dict[str, Any], least: float | None) -> None:
    assert least_effect(details) == least


def test_size_and_share_are_said() -> None:
    said = effect_text(ADAPTER, [{"adapter_effect": 0.951}, {"adapter_effect": 1.0}, {}])
    assert said == "0.5 nats a token on fixed answers; 95.1% of it or more in the models that were scored"


def test_what_was_not_measured_is_said() -> None:
    assert effect_text(ADAPTER, [{}]).endswith("not measured when scored")
    assert effect_text({}, [{"adapter_effect": 1.0}]) == "not measured: made before there were probes"
