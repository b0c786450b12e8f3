"""What a score was measured with, to tell which scores may be compared: prompts, judges, thresholds, settings."""

from collections.abc import Mapping, Sequence

from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.store import Store

_CHAT_MODELS = "models/chat"
_ADAPTERS = "adapters"
"""With the chat models what is measured, not what it is measured with."""
_STEPS = ("responses", "judgements", "scores")
"""Schemas of the steps between a model and its score."""
_NO_MATTER = ("variant", "batch_size", "threads", "device")
"""Parameters that tell two variants apart, or move no answer."""

Measure = Mapping[str, str]
"""What a score was measured with, by a name people know, as a digest each."""


def measure(store: Store, score: Manifest) -> Measure:
    """What a score was measured with: tables and judges read on the way to it, thresholds, settings, SQL.

    What the model itself was made from is left out: that is what a score is about.
    """
    found: dict[str, str] = {}
    waiting = [score]
    while waiting:
        one = waiting.pop()
        found |= _own(store, one)
        for pin in one.inputs:
            if pin.ref.schema in _STEPS:
                waiting.append(store.manifest(pin.ref, pin.version))
            elif pin.asset != _CHAT_MODELS and pin.ref.schema != _ADAPTERS:
                found[str(pin.ref)] = pin.fingerprint
    return found


def _own(store: Store, step: Manifest) -> dict[str, str]:
    texts = _code(store, step).texts
    declared = {name: digest for name, digest in texts.items() if name.endswith((".sql", ".yaml"))}
    told: dict[str, object] = {}
    for name, value in step.parameters.items():
        if isinstance(value, dict):
            told |= {f"{name}.{key} of {step.asset}": one for key, one in value.items()}
        elif name not in _NO_MATTER:
            told[f"{name} of {step.asset}"] = value
    return declared | {name: json_digest(value) for name, value in told.items()}


def _code(store: Store, step: Manifest) -> Code:
    """The code a step counts as made by: someone said that it gives the same."""
    accepted = [named.mark.code for named in store.acceptances(step) if named.mark.code is not None]
    return accepted[-1] if accepted else step.code


def measured_otherwise(a: Measure, b: Measure) -> list[str]:
    """What two scores were not measured with alike; nothing where they may be compared."""
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def remarks(store: Store, scores: Sequence[Manifest]) -> dict[str, str]:
    """What a reader must know to compare scores of one benchmark, by version; empty where it compares.

    The score made last says how the benchmark is measured now.
    """
    if not scores:
        return {}
    newest = max(scores, key=lambda one: (one.finished, one.version))
    now = measure(store, newest)
    return {one.version: _remark(measured_otherwise(measure(store, one), now), newest) for one in scores}


def _remark(otherwise: list[str], newest: Manifest) -> str:
    if not otherwise:
        return ""
    return f"not comparable with {newest.ref}: measured with other {', '.join(otherwise)}"
