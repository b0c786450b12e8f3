from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.errors import SgAssetsError
from sg_assets.training.spec import TrainingSpec, read_spec
from sg_assets_tests.training import data

HERE = Path("somewhere")


def changed(spec: TrainingSpec, **changes: Any) -> TrainingSpec:
    return TrainingSpec.model_validate(spec.model_dump() | changes)


def kto(**changes: Any) -> TrainingSpec:
    return data.spec("kto", HERE, HERE, HERE, **changes)


def test_alpha_is_the_rank() -> None:
    assert data.settings(rank=16).alpha == 16


def test_a_spec_survives_its_file(tmp_path: Path) -> None:
    spec = data.spec("kto", HERE, HERE, HERE, parent=HERE)
    (tmp_path / "spec.json").write_text(spec.model_dump_json())
    assert read_spec(tmp_path / "spec.json") == spec


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        kto().settings.rank = 8  # type: ignore[misc]


def test_sft_takes_no_parent() -> None:
    with pytest.raises(ValidationError, match="leave parent_adapter out"):
        data.spec("sft", HERE, HERE, HERE, parent=HERE)


def test_sft_takes_no_beta() -> None:
    with pytest.raises(ValidationError, match=r"leave settings\.beta out"):
        data.spec("sft", HERE, HERE, HERE, beta=0.1)


@pytest.mark.parametrize("method", ["kto", "dpo"])
def test_a_preference_method_needs_beta(method: Any) -> None:
    with pytest.raises(ValidationError, match=r"needs settings\.beta"):
        data.spec(method, HERE, HERE, HERE, beta=None)


def test_kto_needs_a_partner_in_the_batch() -> None:
    with pytest.raises(ValidationError, match="batch_size >= 2"):
        kto(batch_size=1)


def test_kto_without_partners_may_take_one_row_at_a_time() -> None:
    spec = kto(batch_size=1, loss={"apo_zero_unpaired": 1.0})
    assert not spec.has_partners
    assert kto().has_partners


def test_kto_takes_one_loss() -> None:
    with pytest.raises(ValidationError, match="kto takes one loss"):
        kto(loss={"kto": 1.0, "apo_zero_unpaired": 1.0})


def test_sft_takes_no_loss() -> None:
    with pytest.raises(ValidationError, match=r"leave settings\.loss out"):
        data.spec("sft", HERE, HERE, HERE, loss={"sigmoid": 1.0})


def test_dpo_may_take_one_pair_at_a_time() -> None:
    assert data.spec("dpo", HERE, HERE, HERE, batch_size=1).settings.batch_size == 1


def test_a_parent_comes_with_its_label() -> None:
    with pytest.raises(ValidationError, match="go together"):
        changed(kto(), parent_adapter=HERE)


def test_a_label_is_not_a_path() -> None:
    with pytest.raises(ValidationError, match="not a path of this machine"):
        changed(kto(), base_id="/home/me/base")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rank", 0),
        ("learning_rate", 0),
        ("epochs", 0),
        ("warmup_ratio", 1.0),
        ("threads", 0),
        ("target_modules", ()),
        ("target_modules", ("q_proj", "lm_head")),
        ("target_modules", ("model.lm_head",)),
        ("lr_scheduler", "constant"),
        ("device", "tpu"),
        ("unheard_of", 1),
    ],
)
def test_a_wrong_setting_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        data.settings(**{name: value})


def test_a_missing_file_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"nowhere\.json: no such training spec"):
        read_spec(tmp_path / "nowhere.json")


def test_every_wrong_value_of_a_file_is_named(tmp_path: Path) -> None:
    text = kto().model_dump_json().replace('"rank":4', '"rank":0').replace('"threads":1', '"threads":"many"')
    (tmp_path / "spec.json").write_text(text)
    with pytest.raises(SgAssetsError, match=r"settings\.rank: .*settings\.threads: "):
        read_spec(tmp_path / "spec.json")
