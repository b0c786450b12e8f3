"""Metadata in the Dagster UI: how much of its adapter's effect a version was made with."""

from collections.abc import Mapping

import dagster as dg

from sg_assets.adapters.probe import probe_of
from sg_assets.adapters.seen_effects import EFFECT, least_effect
from sg_assets.store.manifests import Manifest


def effect_seen(manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
    """The least share of the adapter's effect behind answers, scores or a release; empty where not measured."""
    share = least_effect(manifest.details)
    return {} if share is None else {EFFECT: dg.MetadataValue.float(share)}


def effect_of_adapter(manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
    """How far an adapter moves the log-probabilities of fixed answers, in nats a token; nothing without a probe."""
    probe = probe_of(manifest.details)
    return {} if probe is None else {"effect_nats_per_token": dg.MetadataValue.float(round(probe.effect, 4))}
