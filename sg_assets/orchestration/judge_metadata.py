"""Metadata of judges and judgements in the Dagster UI."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from sg_assets.declarations.judge_kinds import DEMO_JUDGED
from sg_assets.store.manifests import Manifest

_RATES = ("error", "sensitivity", "specificity", "precision")


def head_figures(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """The figures of a fitted head on groups that it has not seen: AUC with its interval, errors by cut and slice."""
    figures = manifest.details.get("on_unseen_groups")
    if not figures:
        return {}
    low, high = figures["auc_interval"]
    text = (
        f"{figures['auc']} (95 % interval {low} to {high}) on {figures['n']} texts of {len(figures['groups'])} groups"
    )
    cuts = {f"{name} ({known['cut']:g})": known for name, known in figures["thresholds"].items()}
    by = {f"by_{column}": dg.MetadataValue.md(_table(rows, "auc")) for column, rows in figures["by"].items()}
    return {
        "auc": dg.MetadataValue.float(figures["auc"]),
        "auc_on_unseen_groups": dg.MetadataValue.text(text),
        "by_threshold": dg.MetadataValue.md(_table(cuts)),
        **by,
    }


def judgement_figures(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """What a reader must know of judgements: texts cut off or raised by a filter, and how far judges agree."""
    judged = manifest.details.get("judges") or {}
    marked = manifest.details.get(DEMO_JUDGED)
    shown: dict[str, dg.MetadataValue] = {} if marked is None else {DEMO_JUDGED: dg.MetadataValue.text(marked)}
    if judged:
        shown["judged"] = dg.MetadataValue.md(_judged(judged))
    for flag, known in (manifest.details.get("agreement") or {}).items():
        shown[f"agreement_{flag}"] = dg.MetadataValue.md(_agreement(known))
    return shown


def _judged(judges: Mapping[str, Any]) -> str:
    lines = [
        f"| {judge} | {known['texts']} | {_share(known.get('cut_share'))} | {known.get('raised_by_filter', '')} |"
        for judge, known in judges.items()
    ]
    return "\n".join(["| judge | texts | cut off | raised by filter |", "|---|---:|---:|---:|", *lines])


def _agreement(known: Mapping[str, Any]) -> str:
    decides = known["raised_by"]
    lines = [f"| {decides}, raises the flag | {_share(known['rates'][decides])} | |"]
    for judge, kappa in known["kappa"].items():
        interval = "" if kappa["low"] is None else f" ({kappa['low']} to {kappa['high']})"
        lines.append(f"| {judge} | {_share(known['rates'][judge])} | {kappa['value']}{interval} |")
    head = [f"| judge | rate of {known['n']} | kappa with {decides} |", "|---|---:|---|"]
    return "\n".join([*head, *lines])


def _table(rows: Mapping[str, Mapping[str, Any]], *further: str) -> str:
    names = (*further, *_RATES)
    lines = [
        f"| {name} | {known['n']} | {' | '.join('' if known.get(key) is None else str(known[key]) for key in names)} |"
        for name, known in rows.items()
    ]
    return "\n".join([f"| | n | {' | '.join(names)} |", f"|---|---:|{'---:|' * len(names)}", *lines])


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
