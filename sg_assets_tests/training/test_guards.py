"""Guards of a training: a run that trained the wrong weights, or none, is rejected."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training import guards, job, trainers
from sg_assets.training.checkpoints import journal
from sg_assets_tests.training import data
from sg_assets_tests.training.trainer_setup import new_trainer, perturbed

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")]


def test_a_policy_away_from_its_reference_is_seen(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    spec = data.spec("kto", base, folder / "kto.parquet", tmp_path, parent=sft / "adapter")
    with pytest.raises(SgAssetsError, match="policy and reference differ by"):
        guards.require_reference_is_policy(perturbed(new_trainer(spec)))


def test_a_reference_that_moved_is_seen(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    trainer = new_trainer(data.spec("kto", base, folder / "kto.parquet", tmp_path, parent=sft / "adapter"))
    before = guards.adapter_weights(trainer)
    guards.require_reference_stayed(before, trainer)
    next(p for name, p in trainer.model.named_parameters() if ".ref." in name).data.add_(1)
    with pytest.raises(SgAssetsError, match="the reference moved"):
        guards.require_reference_stayed(before, trainer)


def test_a_second_adapter_on_a_frozen_one_is_seen(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=sft / "adapter")
    trainer = new_trainer(spec)
    trainer.model.add_adapter("second", trainers.lora_config(spec.settings))
    trainer.model.base_model.set_adapter(["default", "second"])
    with pytest.raises(SgAssetsError, match="not 'default' alone"):
        guards.require_default_adapter_trains(trainer)


def test_a_frozen_adapter_is_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    trainer = new_trainer(data.spec("dpo", base, folder / "dpo.parquet", tmp_path))
    trainer.model.requires_grad_(False)
    with pytest.raises(SgAssetsError, match="no weight is trainable"):
        guards.require_default_adapter_trains(trainer)


def test_a_trained_base_is_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    trainer = new_trainer(data.spec("dpo", base, folder / "dpo.parquet", tmp_path))
    trainer.model.requires_grad_(True)
    with pytest.raises(SgAssetsError, match="weights outside the adapter would be trained"):
        guards.require_default_adapter_trains(trainer)


def test_an_adapter_on_the_lm_head_is_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    import torch

    trainer = new_trainer(data.spec("sft", base, folder / "sft.parquet", tmp_path))
    head = trainer.model.base_model.model.lm_head
    head.lora_A = torch.nn.ModuleDict({"default": torch.nn.Linear(2, 2)})
    with pytest.raises(SgAssetsError, match="the adapter reaches lm_head"):
        guards.require_default_adapter_trains(trainer)


def test_rows_the_trainer_dropped_are_seen(folder: Path, base: Path, tmp_path: Path) -> None:
    trainer = new_trainer(data.spec("kto", base, folder / "kto.parquet", tmp_path))
    guards.require_all_rows(trainer, 36)
    with pytest.raises(SgAssetsError, match="holds 36 rows of the 40"):
        guards.require_all_rows(trainer, 40)


def test_a_loss_that_explodes_stops_the_run(folder: Path, base: Path, tmp_path: Path) -> None:
    spec = data.spec("sft", base, folder / "sft.parquet", tmp_path / "out", learning_rate=1e30, warmup_ratio=0.0)
    with pytest.raises(SgAssetsError, match=r"the loss at step \d is .*(?i:training diverged)"):
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
