"""The probe of an adapter: its record, and how it is measured."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from sg_assets.adapters.probe import PROBE, AdapterProbe, make_probe, probe_of
from sg_assets.adapters.probe_chats import CHATS, ProbeItem
from sg_assets.errors import SgAssetsError
from sg_assets_tests.adapters.micro_adapters import make_adapter

ITEM = ProbeItem(prompt=(1,), answer=(2, 3))


def test_a_probe_is_read_back_from_the_details_of_its_version() -> None:
    probe = AdapterProbe(items=(ITEM,), base=(-1.0, -2.0), adapted=(-0.5, -2.0))
    assert probe_of({PROBE: probe.model_dump(mode="json")}) == probe


def test_a_version_of_before_there_were_probes_has_none() -> None:
    assert probe_of({"rank": 4}) is None


@pytest.mark.parametrize(
    ("base", "adapted"), [((-1.0,), (-1.0, -2.0)), ((-1.0, -2.0), ()), ((-1.0, float("nan")),) * 2]
)
def test_each_token_has_a_finite_number(base: tuple[float, ...], adapted: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError):
        AdapterProbe(items=(ITEM,), base=base, adapted=adapted)


def test_the_effect_is_the_root_mean_square_of_the_moves() -> None:
    assert AdapterProbe(items=(ITEM,), base=(-1.0, -2.0), adapted=(-4.0, -6.0)).effect == pytest.approx(12.5**0.5)


@pytest.mark.slow
def test_a_probe_is_the_same_each_time_and_holds_tokens_alone(micro_model: Path, tmp_path: Path) -> None:
    adapter = make_adapter(micro_model, tmp_path / "adapter")
    probe = make_probe(micro_model, adapter)
    assert probe == make_probe(micro_model, adapter)
    assert probe.effect > 0.1
    assert len(probe.items) == len(CHATS)
    assert not any(prompt.split()[-1] in probe.model_dump_json() for prompt, _ in CHATS)


@pytest.mark.slow
def test_memory_that_runs_out_on_a_gpu_leaves_it_to_the_cpu(
    micro_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from peft import PeftModel

    adapter = make_adapter(micro_model, tmp_path / "adapter")
    wanted, moved = make_probe(micro_model, adapter), []

    def to(model: PeftModel, device: str) -> PeftModel:
        moved.append(device)
        if device == "cuda":
            raise torch.OutOfMemoryError("no")
        return model

    monkeypatch.setattr(PeftModel, "to", to)
    assert make_probe(micro_model, adapter, device="cuda") == wanted
    assert moved == ["cuda", "cpu"]


@pytest.mark.slow
def test_an_adapter_with_numbers_that_are_not_finite_is_refused(micro_model: Path, tmp_path: Path) -> None:
    adapter = make_adapter(micro_model, tmp_path / "adapter", size=float("inf"))
    with pytest.raises(SgAssetsError, match="no probe can be made"):
        make_probe(micro_model, adapter)
