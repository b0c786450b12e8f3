"""What the manifests of answers, leaderboard scores and releases say of their adapter's effect, for people."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sg_assets.adapters.probe import probe_of

EFFECT: Final = "adapter_effect"
"""The key of a share: in a session of answers, in the facts of a task, in the details of a release."""


def least_effect(details: Mapping[str, Any]) -> float | None:
    """The least share of its adapter's effect that a version was made with.

    None where nothing was measured: of base, of versions of before there were probes, and of adapters without one.
    """
    tasks = details.get("tasks")
    records = [details, *details.get("sessions", ()), *(tasks.values() if isinstance(tasks, Mapping) else ())]
    shares = [record[EFFECT] for record in records if isinstance(record, Mapping) and record.get(EFFECT) is not None]
    return min(shares, default=None)


def effect_text(adapter: Mapping[str, Any], scored: Iterable[Mapping[str, Any]]) -> str:
    """An adapter's effect in a few words: its size, and the share of it in the models that were scored.

    Args:
        adapter: The details of its version.
        scored: The details of the versions that were made with it.
    """
    probe = probe_of(adapter)
    if probe is None:
        return "not measured: made before there were probes"
    shares = [share for details in scored if (share := least_effect(details)) is not None]
    seen = f"{min(shares):.1%} of it or more in the models that were scored" if shares else "not measured when scored"
    return f"{probe.effect:.2g} nats a token on fixed answers; {seen}"
