"""Comments and prompts from mirrored datasets."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.records.data import Raw, RawColumns
from sg_assets.errors import SgAssetsError
from sg_assets.ingest.mirrored_sources import ingest_mirrored_comments, ingest_mirrored_prompts
from sg_assets.ingest.toxigen import read_prompts
from sg_assets.store.step import Workspace
from sg_assets_tests.store.steps import new_store, published, recipe, step, workspace

PROMPTS = pl.DataFrame(
    {
        "row_id": [1, 2, 3, 4],
        "prompt": ["- one\\n- two\\n-", "- one\n- two\n-", "- three\\n-", None],
        "group": ["women", "women", "mental_dis", "asian"],
        "label": ["hate", "hate", "neutral", "hate"],
    }
)


def test_comments_are_read_from_the_declared_columns_and_masked(tmp_path: Path) -> None:
    store = new_store(tmp_path)

    def write(work: Workspace) -> None:
        work.result_folder.mkdir()
        rows = {"body": ["write to me@example.sg lah", "so shiok"], "sub": ["sg", "sg"]}
        pl.DataFrame(rows).write_parquet(work.result_folder / "a.parquet")

    mirror = step(store, "mirrors/d", write, made_by=recipe(key=())).manifest
    raw = Raw(columns=RawColumns(text=("body",), source=("sub",), split=(), author=()))
    with workspace(store, "raw/forum_comments raw/rejected_comments", mirror) as work:
        ingest_mirrored_comments(work, "mirrors/d", raw, "raw/rejected_comments", lambda _: None)
        rows = pl.read_parquet(work.table_file)
    assert set(rows["source"]) == {"sg"}
    assert "so shiok" in rows["text"].to_list()
    assert not rows["text"].str.contains("me@example").any()


def test_prompts_are_as_those_of_toxigen_s_own_files(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files/hate_women_1k.txt").write_text("- one\\n- two\\n-\n")
    (tmp_path / "files/neutral_mental_disability_1k.txt").write_text("- three\\n-\n")
    store = new_store(tmp_path)
    rows = published(store, "datasets/d", PROMPTS)
    with workspace(store, "raw/toxigen_prompts", rows) as work:
        ingest_mirrored_prompts(work, "datasets/d", 0, None, lambda _: None)
        taken = pl.read_parquet(work.table_file)
    assert taken.sort("prompt_id").equals(read_prompts(tmp_path / "files").select(taken.columns))


@pytest.mark.parametrize(("name", "value"), [("label", "1"), ("group", "mexicans"), ("label", None)])
def test_what_toxigen_does_not_know_is_refused_by_row(tmp_path: Path, name: str, value: str | None) -> None:
    store = new_store(tmp_path)
    rows = published(store, "datasets/d", PROMPTS.with_columns(pl.lit(value, pl.String).alias(name)))
    with workspace(store, "raw/toxigen_prompts", rows) as work, pytest.raises(SgAssetsError) as error:
        ingest_mirrored_prompts(work, "datasets/d", 0, None, lambda _: None)
    assert f"datasets/d, row 1: the value of '{name}' is none of TOXIGEN's" in str(error.value)
