"""What a job is told of an adapter, and the model that follows: loaded in the one way, checked before it is used."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from sg_assets.adapters.adapted_model import Application, load_adapted_model
from sg_assets.adapters.effect import AT_LEAST, ModelCheck, require_effect
from sg_assets.adapters.probe import AdapterProbe, probe_of

if TYPE_CHECKING:
    from sg_assets.declarations.records.model import Generation
    from sg_assets.store.manifests import Manifest


class AppliedAdapter(BaseModel):
    """An adapter, how it is applied, and how its effect is known again."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: Path
    """Its folder."""
    application: Application
    label: str
    """Asset partition, for messages."""
    probe: AdapterProbe | None = None
    """As its version records it; None for versions of before there were probes: then nothing is checked."""
    at_least: float = AT_LEAST
    """The declared share of its effect that a model needs."""


@dataclass(frozen=True)
class CheckedModel:
    """A loaded chat model."""

    model: Any
    adapter_effect: float | None
    """The share of the adapter's effect that it has; None without an adapter, or without a probe of it."""


def applied_adapter(manifest: "Manifest", path: Path, settings: "Generation") -> AppliedAdapter:
    """A version of an adapter as a profile applies it.

    Args:
        manifest: The version.
        path: Its folder.
        settings: How the profile declares answers: the leaderboard and releases apply adapters in the same way.
    """
    return AppliedAdapter(
        path=path,
        application=settings.adapter,
        label=str(manifest.ref),
        probe=probe_of(manifest.details),
        at_least=settings.probe.at_least,
    )


def load_checked_model(
    base: Path, adapter: AppliedAdapter | None, *, dtype: str, device: str, trust_remote_code: bool = False
) -> CheckedModel:
    """The chat model on its device, with the adapter applied, and its effect checked where there is a probe.

    Args:
        base: Folder of the chat model.
        adapter: The adapter, if any.
        dtype: The float type that answers are computed in, by its name in torch.
        device: As torch names it.
        trust_remote_code: Whether Python code in the folder of the chat model may run.

    Raises:
        SgAssetsError: the adapter lacks weights, or too much of its effect is lost.
    """
    loaded = load_adapted_model(
        base,
        None if adapter is None else adapter.path,
        "merged" if adapter is None else adapter.application,
        dtype=dtype,
        trust_remote_code=trust_remote_code,
    ).to(device)
    return CheckedModel(loaded, None if adapter is None else adapter_effect(loaded, adapter, dtype=dtype))


def adapter_effect(model: Any, adapter: AppliedAdapter, *, dtype: str) -> float | None:  # noqa: ANN401
    """The share of an adapter's effect that a loaded model has; None where the adapter has no probe.

    Raises:
        SgAssetsError: it is below what is needed.
    """
    from sg_assets.adapters.log_probabilities import answer_log_probabilities

    if adapter.probe is None:
        return None
    check = ModelCheck(application=adapter.application, dtype=dtype, at_least=adapter.at_least)
    return require_effect(
        adapter.probe, lambda items: answer_log_probabilities(model, items), check, where=adapter.label
    )
