"""A model is checked before it is used: too few digits, another adapter, and the three that use one are the same."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.adapters.adapted_model import load_adapted_model
from sg_assets.adapters.applied_adapter import adapter_effect, applied_adapter, load_checked_model
from sg_assets.adapters.probe import PROBE, AdapterProbe, make_probe
from sg_assets.declarations.records.model import Generation
from sg_assets.errors import SgAssetsError
from sg_assets_tests.adapters.micro_adapters import applied, make_adapter

SETTINGS = {"batch_size": 4, "max_new_tokens": 4, "max_prompt_tokens": 99, "dtype": "float32", "device": "cpu"}
SMALL = 0.002
"""A size that bfloat16 rounds away."""


@pytest.fixture(scope="module")
def small(micro_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_adapter(micro_model, tmp_path_factory.mktemp("small") / "adapter", size=SMALL)


@pytest.fixture(scope="module")
def probe(micro_model: Path, small: Path) -> AdapterProbe:
    return make_probe(micro_model, small)


def version(probe: AdapterProbe | None) -> Any:
    details = {} if probe is None else {PROBE: json.loads(probe.model_dump_json())}
    return SimpleNamespace(fingerprint="print", ref="adapters/sft[a]", details=details)


def test_a_job_is_told_what_version_and_profile_say() -> None:
    settings = Generation.model_validate(SETTINGS | {"adapter": "unmerged", "probe": {"at_least": 0.8}})
    adapted = applied_adapter(version(None), Path("folder"), settings)
    assert adapted == applied(Path("folder"), application="unmerged", at_least=0.8, label="adapters/sft[a]")


@pytest.mark.slow
@pytest.mark.parametrize("application", ["merged", "unmerged"])
def test_float32_has_the_whole_effect_of_a_small_adapter(
    micro_model: Path, small: Path, probe: AdapterProbe, application: str
) -> None:
    adapted = applied(small, application=application, probe=probe)
    effect = load_checked_model(micro_model, adapted, dtype="float32", device="cpu").adapter_effect
    assert effect is not None
    assert effect > 0.999


@pytest.mark.slow
def test_a_sum_in_bfloat16_is_refused_before_anything_is_answered(
    micro_model: Path, small: Path, probe: AdapterProbe
) -> None:
    with pytest.raises(SgAssetsError, match="bfloat16 rounds away"):
        load_checked_model(micro_model, applied(small, probe=probe), dtype="bfloat16", device="cpu")


@pytest.mark.slow
def test_a_model_that_peft_merged_in_bfloat16_is_seen(micro_model: Path, small: Path, probe: AdapterProbe) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(micro_model, dtype=torch.bfloat16)
    merged = PeftModel.from_pretrained(base, str(small)).merge_and_unload().eval()
    with pytest.raises(SgAssetsError, match="of its adapter's effect"):
        adapter_effect(merged, applied(small, probe=probe), dtype="bfloat16")


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALL, 0.5])
def test_another_adapter_is_refused(micro_model: Path, probe: AdapterProbe, tmp_path: Path, size: float) -> None:
    other = make_adapter(micro_model, tmp_path / "other", seed=2, size=size)
    with pytest.raises(SgAssetsError, match="another adapter"):
        load_checked_model(micro_model, applied(other, probe=probe), dtype="float32", device="cpu")


@pytest.mark.slow
def test_an_adapter_that_is_not_applied_is_refused(micro_model: Path, small: Path, probe: AdapterProbe) -> None:
    base = load_adapted_model(micro_model, None, "merged", dtype="float32")
    with pytest.raises(SgAssetsError, match="without an adapter"):
        adapter_effect(base, applied(small, probe=probe), dtype="float32")


@pytest.mark.slow
def test_a_version_without_a_probe_is_used_and_nothing_is_measured(micro_model: Path, small: Path) -> None:
    assert load_checked_model(micro_model, applied(small), dtype="bfloat16", device="cpu").adapter_effect is None


@pytest.mark.slow
@pytest.mark.parametrize("application", ["merged", "unmerged"])
def test_answers_leaderboard_and_release_have_equal_logits(
    micro_model: Path, small: Path, probe: AdapterProbe, tmp_path: Path, application: str
) -> None:
    import torch

    from sg_assets.generation.transformers_engine import TransformersEngine
    from sg_assets.leaderboard.evaluation import load_model
    from sg_assets.leaderboard.spec import LeaderboardSpec
    from sg_assets.release.merge_job import merge
    from sg_assets.release.merge_spec import MergeSpec

    settings = Generation.model_validate(SETTINGS | {"adapter": application})
    adapted = applied_adapter(version(probe), small, settings)
    engine = TransformersEngine(settings, (version(None), micro_model), (version(probe), small))
    spec = LeaderboardSpec(
        variant="a", base_model=micro_model, adapter=adapted, tasks=("musr",), apply_chat_template=True,
        fewshot_as_multiturn=True, batch_size=4, dtype="float32", device="cpu", kept=tmp_path,
    )  # fmt: skip
    merged = adapted.model_copy(update={"application": "merged"})
    folder, facts = tmp_path / "merged", tmp_path / "facts.json"
    merge(
        MergeSpec(base_model=micro_model, trust_remote_code=False, adapter=merged, output_dir=folder, facts=facts),
        lambda _: None,
    )
    ids = torch.tensor([[1, 5, 9, 42, 7]])
    with torch.inference_mode():
        answering = engine._model(ids).logits
        scored = load_model(spec).model.model(ids).logits
        released = load_adapted_model(folder, None, "merged", dtype="float32")(ids).logits
    assert torch.equal(answering, scored)
    if application == "merged":
        assert torch.equal(answering, released)
    torch.testing.assert_close(answering, released, rtol=1e-4, atol=1e-4)
    assert json.loads(facts.read_text())["adapter_effect"] > 0.999
