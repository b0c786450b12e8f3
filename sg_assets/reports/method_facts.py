"""Facts about the method of a report: method, data counts, sources."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.reports.render.page import Facts
from sg_assets.store.pinned_inputs import lineage

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.store.manifests import Manifest, PinnedInput
    from sg_assets.store.store import Store

_DATA = ("raw", "labelled", "templated", "synthesized", "training")
"""Schemas whose row counts are shown."""


def facts_of(declared: "Declarations", store: "Store", scores: "Iterable[Manifest]") -> Facts:
    """Facts about a set of scores: the method from declarations, the counts from their inputs."""
    prices = declared.profile.prices
    return Facts(
        _method(declared),
        _counts(store, {pin.version: pin for score in scores for pin in lineage(store, score, [])}.values()),
        "" if declared.published is None else declared.published.source,
        "" if prices is None else prices.currency,
    )


def _method(declared: "Declarations") -> list[str]:
    profile = declared.profile
    whole = profile.splits.unit == "text"
    apart = "Whole texts go to a side of the split, so no text is both trained on and tested." if whole else (
        "Single prompts go to a side of the split, so nearly every text is on several: scores are of texts trained on."
    )  # fmt: skip
    return [
        f"Profile {profile.name}, seed {profile.seed}: {profile.description}",
        apart,
        f"Every variant answers the same prompts, each time with the likeliest token, at most"
        f" {profile.generation.max_new_tokens} tokens, in {profile.generation.dtype}. Prompts beyond"
        f" {profile.generation.max_prompt_tokens} tokens are not answered and count as such.",
        *(
            f"Judge {judge.name}: {judge.description.rstrip('.')}. Flags at or above {judge.cut:g} ({judge.threshold})."
            for judge in declared.judges.values()
        ),
        "Intervals hold for prompts that share a text: for rates Wilson's at the effective number of prompts, for means"
        " Student's t over texts. Differences are paired on the prompts both models answered.",
        f"Adapters are LoRA with alpha equal to rank; effective rank is declared rank times {profile.rank_scale:g}.",
    ]


def _counts(store: "Store", pins: "Iterable[PinnedInput]") -> list[tuple[str, str, int]]:
    """Rows by table; of a version whose record is lost none are known."""
    versions = []
    for pin in pins:
        if pin.ref.schema in _DATA:
            with suppress(SgAssetsError):
                versions.append(store.manifest(pin.ref, pin.version))
    rows = {(version.asset, version.partition or "", version.rows) for version in versions if version.rows is not None}
    return sorted([*rows, *_sides(store, versions)])


def _sides(store: "Store", found: "Iterable[Manifest]") -> list[tuple[str, str, int]]:
    """Prompts by side of the split and label."""
    by_asset = {version.asset: store.path(version) for version in found if store.has_content(version)}
    if not {"templated/splits", "templated/prompts"} <= by_asset.keys():
        return []
    sides = pl.scan_parquet(by_asset["templated/splits"]).join(
        pl.scan_parquet(by_asset["templated/prompts"]).select("prompt_id", "label"), on="prompt_id"
    )
    counted = sides.group_by("split", "label").len().collect()
    return [("templated/splits", f"{side}, {label}", n) for side, label, n in counted.iter_rows()]
