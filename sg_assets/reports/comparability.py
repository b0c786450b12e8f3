"""The measure of a score (prompts, judges, thresholds, settings), which decides whether scores can be compared."""

from collections.abc import Mapping, Sequence

from sg_assets.errors import SgAssetsError
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.store import Store

_CHAT_MODELS = "models/chat"
_ADAPTERS = "adapters"
"""Adapters and chat models are measured; they are no part of the measure."""
_STEPS = ("responses", "judgements", "scores")
"""Schemas of the steps between a model and its score."""
_IRRELEVANT = ("variant", "batch_size", "threads", "device")
"""Parameters that name the variant, or do not change answers."""

Measure = Mapping[str, str]
"""The parts of a measure: a digest for each name."""


def measure(store: Store, score: Manifest) -> Measure:
    """The measure of a score: tables and judges read on the way to it, thresholds, settings, SQL.

    The inputs of the model are left out: the score is about them. A step whose record is lost counts by its version:
    its measure is not known to be that of any other.
    """
    digests: dict[str, str] = {}
    waiting = [score]
    while waiting:
        step = waiting.pop()
        digests |= _own(store, step)
        for pin in step.inputs:
            if pin.ref.schema in _STEPS:
                try:
                    waiting.append(store.manifest(pin.ref, pin.version))
                except SgAssetsError:
                    digests[f"{pin.ref}, whose record is lost"] = pin.version
            elif pin.asset != _CHAT_MODELS and pin.ref.schema != _ADAPTERS:
                digests[str(pin.ref)] = pin.fingerprint
    return digests


def _own(store: Store, step: Manifest) -> dict[str, str]:
    texts = _code(store, step).texts
    declared = {name: digest for name, digest in texts.items() if name.endswith((".sql", ".yaml"))}
    values: dict[str, object] = {}
    for name, value in step.parameters.items():
        if isinstance(value, dict):
            values |= {f"{name}.{key} of {step.asset}": item for key, item in value.items()}
        elif name not in _IRRELEVANT:
            values[f"{name} of {step.asset}"] = value
    return declared | {name: json_digest(value) for name, value in values.items()}


def _code(store: Store, step: Manifest) -> Code:
    """The code that a step counts as made by, after acceptances."""
    accepted = [named.mark.code for named in store.acceptances(step) if named.mark.code is not None]
    return accepted[-1] if accepted else step.code


def measured_differently(a: Measure, b: Measure) -> list[str]:
    """The parts of the measure that differ between two scores; empty if they can be compared."""
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def remarks(store: Store, scores: Sequence[Manifest]) -> dict[str, str]:
    """Remarks on scores of one benchmark, by version; empty for a score that can be compared.

    The score made last defines how the benchmark is measured now.
    """
    if not scores:
        return {}
    newest = max(scores, key=lambda one: (one.finished, one.version))
    now = measure(store, newest)
    return {score.version: _remark(measured_differently(measure(store, score), now), newest) for score in scores}


def _remark(otherwise: list[str], newest: Manifest) -> str:
    if not otherwise:
        return ""
    return f"not comparable with {newest.ref}: measured with other {', '.join(otherwise)}"
