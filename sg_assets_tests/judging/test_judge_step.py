"""The step that fits a judge."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.judging.judge_step import fit_judge
from sg_assets_tests.judging.judged_tables import KIND, RUDE
from sg_assets_tests.store.steps import new_store, published, workspace

TEXTS = pl.DataFrame(
    {
        "row_id": range(72),
        "judge": "toxicity",
        "text": [f"{text} number {n}" for n in range(36) for text in (RUDE, KIND)],
        "label": [True, False] * 36,
        "kind": ["slur", "praise"] * 36,
        "use": ["fit"] * 60 + ["check"] * 12,
    }
)


def fitted(tmp_path: Path, name: str, hub: str | None = None) -> dict[str, object]:
    store = new_store(tmp_path)
    with workspace(store, f"judges/{name}", published(store, "demo/judge_texts", TEXTS)) as work:
        fit_judge(work, name, seed=0, looks_at="wording", hub=hub, log=lambda _: None)
        assert list(work.result_folder.iterdir())
        return dict(work.details["on_unseen_wordings"])


def test_a_judge_is_measured_on_texts_it_was_not_fitted_on(tmp_path: Path) -> None:
    assert fitted(tmp_path, "toxicity")["accuracy"] == {"praise": 1.0, "slur": 1.0}


def test_a_judge_without_texts_cannot_be_fitted(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no texts to fit judge 'rejection' on"):
        fitted(tmp_path, "rejection")


def test_a_judge_of_the_hub_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="the judge x/y cannot be used yet"):
        fitted(tmp_path, "toxicity", "x/y")
