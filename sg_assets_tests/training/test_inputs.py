"""The inputs of a run: which rows are left out, and in which order the others are trained on."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training import job
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data

pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")


@pytest.mark.slow
def test_rows_too_long_go_before_kto_batches_are_laid_out(base: Path, tmp_path: Path) -> None:
    long = {"prompt": data.user("very " * 200)}
    rows = [row | (long if row["text_id"] == "t3" else {}) for row in data.examples("kto", 32, dev=8).to_dicts()]
    pl.DataFrame(rows).write_parquet(tmp_path / "rows.parquet")
    summary = job.run(data.spec("kto", base, tmp_path / "rows.parquet", tmp_path / "out"), lambda _: None)
    assert summary["dropped"] == {"too_long": 2, "incomplete_batch": 2}
    assert summary["train_rows"] == 32


@pytest.mark.slow
def test_rows_that_are_all_too_long_are_an_error(sft_spec: TrainingSpec, tmp_path: Path) -> None:
    settings = sft_spec.settings.model_copy(update={"max_length": 8})
    spec = data.elsewhere(sft_spec, tmp_path, settings=settings)
    with pytest.raises(SgAssetsError, match=r"no training rows are left.*'too_long': 24"):
        job.run(spec, lambda _: None)
