"""Generated files are ingested as a user's are."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.records.profile import Profile
from sg_assets.demo.corpus import comments
from sg_assets.demo.generated_sources import ingest_generated_comments, ingest_generated_prompts
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.steps import new_store, published, workspace


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_declarations(PROJECT, "tiny").profile


def test_every_generated_comment_is_of_the_source_generated(profile: Profile, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    corpus = published(store, "demo/corpus", comments(0, 30))
    with workspace(store, "raw/forum_comments raw/rejected_comments", corpus) as work:
        ingest_generated_comments(work, profile.raw, "raw/rejected_comments", profile, lambda _: None)
        table = pl.read_parquet(work.table_file)
    assert table["source"].unique().to_list() == ["generated"]
    assert table["given_split"].null_count() == 0


def test_prompts_are_sampled_from_generated_files(profile: Profile, tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "raw/toxigen_prompts") as work:
        ingest_generated_prompts(work, 0, 2, profile, lambda _: None)
        assert pl.read_parquet(work.table_file).height == 2 * 26


def test_a_profile_that_generates_nothing_asks_for_a_folder(profile: Profile, tmp_path: Path) -> None:
    samples = profile.samples.model_copy(update={"corpus_comments": None})
    own = profile.model_copy(update={"samples": samples})
    with workspace(new_store(tmp_path), "raw/toxigen_prompts") as work:
        with pytest.raises(SgAssetsError, match="SG_TOXIGEN_DIR: profile 'tiny' has no TOXIGEN prompts"):
            ingest_generated_prompts(work, 0, 2, own, lambda _: None)
        with pytest.raises(SgAssetsError, match="Set SG_RAW to a folder of comments"):
            ingest_generated_comments(work, own.raw, "raw/rejected_comments", own, lambda _: None)
