"""TRL's losses against the papers' formulas, computed with plain PEFT models and full logits.

Between trl PR #6277 and #7062, KTO with PEFT ignored its reference, without a word: a test of the loss sees that.
"""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training import guards, job, rows, trainers
from sg_assets.training.checkpoints import journal
from sg_assets.training.kto_layout import lay_out
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")]
WEIGHTS = (1.0, 1.5)


def made(spec: TrainingSpec) -> Any:
    read = rows.read_rows(spec.examples, spec.method, "train", 7)
    train = lay_out(read, spec.settings.batch_size, keep_tail=False)[0] if spec.method == "kto" else read
    return trainers.make_trainer(
        spec,
        trainers.load_tokenizer(spec.base_model),
        train,
        read.clear(),
        kto_weights=WEIGHTS if spec.method == "kto" else None,
        checkpoints=spec.kept,
    )


def batch_of(trainer: Any, size: int) -> Any:
    return trainer.data_collator([trainer.train_dataset[i] for i in range(size)])


def shaken(trainer: Any) -> Any:
    """The trainer with its policy moved away from the reference, as after some steps."""
    import torch

    torch.manual_seed(3)
    with torch.no_grad():
        for name, weight in trainer.model.named_parameters():
            if ".default." in name:
                weight.add_(0.05 * torch.randn_like(weight))
    return trainer


def models(spec: TrainingSpec, trainer: Any) -> tuple[Any, Any]:
    """Policy and reference loaded anew, without TRL: the trainer's adapter, and its parent or else the bare base."""
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
    trainer = shaken(made(spec))
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
    trainer = shaken(made(spec))
    batch = batch_of(trainer, 4)
    policy, reference = models(spec, trainer)
    chosen, rejected = (log_probabilities(policy, batch) - log_probabilities(reference, batch)).chunk(2)
    expected = -torch.nn.functional.logsigmoid(0.3 * (chosen - rejected)).mean()
    assert abs(float(expected) - 0.6931) > 1e-3
    assert loss(trainer, batch) == pytest.approx(float(expected), rel=1e-4)


def test_kto_partners_come_from_the_same_batch(folder: Path, base: Path, tmp_path: Path) -> None:
    dataset = made(data.spec("kto", base, folder / "kto.parquet", tmp_path)).train_dataset
    answers, partners = dataset["completion_ids"], dataset["KL_completion_ids"]
    for i in range(0, len(dataset), 4):
        assert partners[i : i + 4] == [answers[i + 3], *answers[i : i + 3]]


def test_a_policy_away_from_its_reference_is_seen(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    spec = data.spec("kto", base, folder / "kto.parquet", tmp_path, parent=sft / "adapter")
    with pytest.raises(SgAssetsError, match="policy and reference differ by"):
        guards.require_reference_is_policy(shaken(made(spec)))


def test_a_reference_that_moved_is_seen(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    trainer = made(data.spec("kto", base, folder / "kto.parquet", tmp_path, parent=sft / "adapter"))
    before = guards.adapter_weights(trainer)
    guards.require_reference_stayed(before, trainer)
    next(p for name, p in trainer.model.named_parameters() if ".ref." in name).data.add_(1)
    with pytest.raises(SgAssetsError, match="the reference moved"):
        guards.require_reference_stayed(before, trainer)


def test_a_second_adapter_on_a_frozen_one_is_seen(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=sft / "adapter")
    trainer = made(spec)
    trainer.model.add_adapter("second", trainers.lora_config(spec.settings))
    trainer.model.base_model.set_adapter(["default", "second"])
    with pytest.raises(SgAssetsError, match="not 'default' alone"):
        guards.require_default_adapter_trains(trainer)


def test_a_frozen_adapter_is_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    trainer = made(data.spec("dpo", base, folder / "dpo.parquet", tmp_path))
    trainer.model.requires_grad_(False)
    with pytest.raises(SgAssetsError, match="no weight is trainable"):
        guards.require_default_adapter_trains(trainer)


def test_a_trained_base_is_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    trainer = made(data.spec("dpo", base, folder / "dpo.parquet", tmp_path))
    trainer.model.requires_grad_(True)
    with pytest.raises(SgAssetsError, match="weights outside the adapter would be trained"):
        guards.require_default_adapter_trains(trainer)


def test_an_adapter_on_the_lm_head_is_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    import torch

    trainer = made(data.spec("sft", base, folder / "sft.parquet", tmp_path))
    head = trainer.model.base_model.model.lm_head
    head.lora_A = torch.nn.ModuleDict({"default": torch.nn.Linear(2, 2)})
    with pytest.raises(SgAssetsError, match="the adapter reaches lm_head"):
        guards.require_default_adapter_trains(trainer)


def test_rows_the_trainer_dropped_are_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    trainer = made(data.spec("kto", base, folder / "kto.parquet", tmp_path))
    guards.require_all_rows(trainer, 36)
    with pytest.raises(SgAssetsError, match="holds 36 rows of the 40"):
        guards.require_all_rows(trainer, 40)


def test_a_loss_that_explodes_stops_the_run(folder: Path, base: Path, tmp_path: Path) -> None:
    spec = data.spec("sft", base, folder / "sft.parquet", tmp_path / "out", learning_rate=1e30, warmup_ratio=0.0)
    with pytest.raises(SgAssetsError, match=r"the loss at step \d is .*training diverged"):
        job.run(spec, lambda _: None)
    assert max(entry["step"] for entry in journal(spec.kept)) < 6


def test_weights_that_stay_are_seen() -> None:
    import torch

    weights = {"a": torch.ones(2)}
    with pytest.raises(SgAssetsError, match="no weight moved"):
        guards.require_moved(weights, weights)


def test_weights_that_explode_are_seen() -> None:
    import torch

    with pytest.raises(SgAssetsError, match="not finite"):
        guards.require_moved({"a": torch.ones(1)}, {"a": torch.full((1,), float("nan"))})


def test_a_loss_that_is_no_number_is_seen() -> None:
    with pytest.raises(SgAssetsError, match="dev_loss is nan"):
        guards.require_finite({"train_loss": 0.5, "dev_loss": float("nan")})


def test_no_dev_rows_are_no_bad_loss() -> None:
    guards.require_finite({"train_loss": 0.5, "dev_loss": None})


def test_the_movement_is_a_euclidean_norm() -> None:
    import torch

    before, after = {"a": torch.zeros(1), "b": torch.ones(1)}, {"a": torch.full((1,), 3.0), "b": torch.full((1,), 5.0)}
    assert guards.require_moved(before, after) == pytest.approx(5)
