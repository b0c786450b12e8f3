"""TRL's losses against the papers' formulas, computed with plain PEFT models and full logits.

Between trl PR #6277 and #7062, KTO with PEFT ignored its reference, without a word: a test of the loss sees that.
"""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training import guards, job, trainers
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data
from sg_assets_tests.training.jobs import main_on
from sg_assets_tests.training.trainer_setup import WEIGHTS, new_trainer, perturbed

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")]


def batch_of(trainer: Any, size: int) -> Any:
    return trainer.data_collator([trainer.train_dataset[i] for i in range(size)])


def models(spec: TrainingSpec, trainer: Any) -> tuple[Any, Any]:
    """Policy and reference loaded again without TRL: the trainer's adapter, and its parent or the bare base."""
    import torch
    from peft import PeftModel, get_peft_model
    from transformers import AutoModelForCausalLM

    def bare() -> Any:
        return AutoModelForCausalLM.from_pretrained(spec.base_model, dtype=torch.float32)

    def parent() -> Any:
        return PeftModel.from_pretrained(bare(), spec.parent_adapter)

    policy = parent() if spec.parent_adapter else get_peft_model(bare(), trainers.lora_config(spec.settings))
    assert not policy.load_state_dict(guards.adapter_weights(trainer), strict=False).unexpected_keys
    return policy.eval(), (parent() if spec.parent_adapter else bare()).eval()


def log_probabilities(model: Any, batch: Any, prefix: str = "") -> Any:
    """Summed log-probability of each answer."""
    import torch

    ids, mask = batch[f"{prefix}input_ids"], batch[f"{prefix}completion_mask"]
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=batch[f"{prefix}attention_mask"]).logits
    each = logits.log_softmax(-1)[:, :-1].gather(2, ids[:, 1:, None]).squeeze(2)
    return (each * mask[:, 1:]).sum(1)


def loss(trainer: Any, batch: Any) -> float:
    return float(trainer.compute_loss(trainer.model, batch).detach())


from_sft = pytest.mark.parametrize("from_sft", [True, False], ids=["from sft", "from the base"])


@from_sft
def test_kto_loss_is_the_papers(folder: Path, base: Path, sft: Path, tmp_path: Path, from_sft: bool) -> None:
    import torch

    spec = data.spec("kto", base, folder / "kto.parquet", tmp_path, parent=sft / "adapter" if from_sft else None)
    trainer = perturbed(new_trainer(spec))
    batch = batch_of(trainer, 12)
    assert set(batch["label"].tolist()) == {True, False}
    policy, reference = models(spec, trainer)
    ratio = log_probabilities(policy, batch) - log_probabilities(reference, batch)
    kl = (log_probabilities(policy, batch, "KL_") - log_probabilities(reference, batch, "KL_")).mean().clamp(min=0)
    desirable = WEIGHTS[0] * (1 - torch.sigmoid(0.3 * (ratio - kl)))
    undesirable = WEIGHTS[1] * (1 - torch.sigmoid(0.3 * (kl - ratio)))
    expected = torch.where(batch["label"], desirable, undesirable).mean()
    assert ratio.abs().min() > 1e-3
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


@from_sft
def test_dpo_loss_is_the_papers(folder: Path, base: Path, sft: Path, tmp_path: Path, from_sft: bool) -> None:
    import torch

    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=sft / "adapter" if from_sft else None)
    trainer = perturbed(new_trainer(spec))
    batch = batch_of(trainer, 4)
    policy, reference = models(spec, trainer)
    chosen, rejected = (log_probabilities(policy, batch) - log_probabilities(reference, batch)).chunk(2)
    expected = -torch.nn.functional.logsigmoid(0.3 * (chosen - rejected)).mean()
    assert abs(float(expected) - 0.6931) > 1e-3
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


def ratios(folder: Path, base: Path, sft: Path, tmp_path: Path, **settings: Any) -> tuple[Any, Any, Any, Any, Any]:
    """A DPO trainer with losses, a batch, its policy, and both log-ratios to the reference."""
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=sft / "adapter", **settings)
    trainer = perturbed(new_trainer(spec))
    batch = batch_of(trainer, 4)
    policy, reference = models(spec, trainer)
    return trainer, batch, policy, *(log_probabilities(policy, batch) - log_probabilities(reference, batch)).chunk(2)


def sft_loss(policy: Any, batch: Any) -> Any:
    """The mean negative log-probability of the tokens of the preferred answers."""
    total = log_probabilities(policy, batch).chunk(2)[0].sum()
    return -total / batch["completion_mask"][:, 1:].chunk(2)[0].sum()


def test_the_ipo_loss_is_the_papers_by_token(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    trainer, batch, _, chosen, rejected = ratios(folder, base, sft, tmp_path, loss={"ipo": 1.0})
    of_chosen, of_rejected = batch["completion_mask"].sum(1).chunk(2)
    expected = ((chosen / of_chosen - rejected / of_rejected - 1 / (2 * 0.3)) ** 2).mean()
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


def test_the_apo_zero_loss_is_the_papers(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    import torch

    trainer, batch, _, chosen, rejected = ratios(folder, base, sft, tmp_path, loss={"apo_zero": 1.0})
    expected = (1 - torch.sigmoid(0.3 * chosen) + torch.sigmoid(0.3 * rejected)).mean()
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


def test_losses_are_added_with_their_weights(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    import torch

    mixed = {"sigmoid": 0.5, "sft": 0.2}
    trainer, batch, policy, chosen, rejected = ratios(folder, base, sft, tmp_path, loss=mixed)
    sigmoid = -torch.nn.functional.logsigmoid(0.3 * (chosen - rejected)).mean()
    expected = 0.5 * sigmoid + 0.2 * sft_loss(policy, batch)
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


def test_the_robust_loss_knows_that_preferences_may_be_wrong(
    folder: Path, base: Path, sft: Path, tmp_path: Path
) -> None:
    from torch.nn.functional import logsigmoid

    smoothing = {"loss": {"robust": 1.0}, "label_smoothing": 0.1}
    trainer, batch, _, chosen, rejected = ratios(folder, base, sft, tmp_path, **smoothing)
    margin = 0.3 * (chosen - rejected)
    expected = ((-0.9 * logsigmoid(margin) + 0.1 * logsigmoid(-margin)) / 0.8).mean()
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


@from_sft
def test_the_unpaired_apo_zero_loss_is_the_papers(
    folder: Path, base: Path, sft: Path, tmp_path: Path, from_sft: bool
) -> None:
    import torch

    parent = sft / "adapter" if from_sft else None
    losses = {"apo_zero_unpaired": 1.0}
    spec = data.spec("kto", base, folder / "kto.parquet", tmp_path, parent=parent, loss=losses)
    trainer = perturbed(new_trainer(spec))
    batch = batch_of(trainer, 12)
    assert not any(name.startswith("KL_") for name in batch)
    policy, reference = models(spec, trainer)
    ratio = log_probabilities(policy, batch) - log_probabilities(reference, batch)
    desirable = WEIGHTS[0] * (1 - torch.sigmoid(0.3 * ratio))
    undesirable = WEIGHTS[1] * torch.sigmoid(0.3 * ratio)
    assert ratio.abs().min() > 1e-3
    assert loss(trainer, batch) == pytest.approx(
        float(torch.where(batch["label"], desirable, undesirable).mean()), rel=1e-4
    )


def test_kto_partners_come_from_the_same_batch(folder: Path, base: Path, tmp_path: Path) -> None:
    dataset = new_trainer(data.spec("kto", base, folder / "kto.parquet", tmp_path)).train_dataset
    answers, partners = dataset["completion_ids"], dataset["KL_completion_ids"]
    for i in range(0, len(dataset), 4):
        assert partners[i : i + 4] == [answers[i + 3], *answers[i : i + 3]]


@pytest.mark.slow
def test_a_parent_of_another_rank_is_refused(
    folder: Path, base: Path, sft: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=sft / "adapter", rank=8)
    assert main_on(spec) == 2
    assert "Give the variant its parent's rank" in capfd.readouterr().err


@pytest.mark.slow
def test_a_parent_without_weights_is_refused(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    (tmp_path / "parent").mkdir()
    config = (sft / "adapter" / "adapter_config.json").read_text()
    (tmp_path / "parent" / "adapter_config.json").write_text(config)
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=tmp_path / "parent")
    with pytest.raises(SgAssetsError, match=r"the parent adapter has no adapter_model\.safetensors"):
        job.run(spec, lambda _: None)
