"""The step that labels comments."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.records.data import Labelling
from sg_assets.errors import SgAssetsError
from sg_assets.judging.labels_step import label_comments
from sg_assets_tests.judging.judged_tables import KIND, RUDE, judge
from sg_assets_tests.store.steps import new_store, published, workspace

COMMENTS = pl.DataFrame(
    {"text_id": ["c", "b", "a"], "text": [RUDE, "number", KIND], "source": "s", "given_split": None},
    schema_overrides={"given_split": pl.String},
)


def labelled(judge_folder: Path, tmp_path: Path, min_texts: int) -> pl.DataFrame:
    store = new_store(tmp_path)
    labelling = Labelling(safe_at_most=0.2, unsafe_at_least=0.8, min_texts=min_texts)
    given = published(store, "raw/forum_comments", COMMENTS), judge(store, judge_folder)
    with workspace(store, "raw/sg_toxicity_prompts", *given) as work:
        label_comments(work, labelling, tmp_path / "judged", lambda _: None)
        assert work.details == {"comments": 3, "safe": 1, "unsafe": 1}
        return pl.read_parquet(work.table_file)


def test_only_confident_labels_are_kept(judge_folder: Path, tmp_path: Path) -> None:
    table = labelled(judge_folder, tmp_path, 1)
    assert table.select("text_id", "label").rows() == [("a", "safe"), ("c", "unsafe")]


def test_too_few_confident_labels_are_an_error(judge_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="too few confident labels: 1 safe, 1 unsafe of 3"):
        labelled(judge_folder, tmp_path, 2)
