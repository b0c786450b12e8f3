"""The demo's generated tables."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sg_assets.demo.generated_tables import write_corpus, write_judge_texts, write_leaderboard_items, write_pretraining
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.demo.declared import refusals, templates
from sg_assets_tests.store.steps import new_store, published, workspace


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


@pytest.fixture
def declared(store: Store) -> tuple[Manifest, ...]:
    answers = refusals()
    shots = pl.DataFrame({"example_id": [f"e{n:03}" for n in range(len(answers))], "answer": answers})
    return published(store, "templated/templates", templates()), published(store, "synthesized/few_shots", shots)


def written(
    store: Store, write: Callable[[Workspace, int], None], *given: Manifest, n: int = 40, seed: int = 0
) -> pl.DataFrame:
    with workspace(store, "demo/t", *given, n=n) as work:
        write(work, seed)
        return pl.read_parquet(work.table_file)


def test_the_corpus_has_as_many_comments_as_asked_for_by_its_seed(store: Store) -> None:
    corpus = written(store, write_corpus)
    assert corpus.height == 40
    assert corpus.equals(written(store, write_corpus))
    assert not corpus.equals(written(store, write_corpus, seed=1))


@pytest.mark.parametrize("write", [write_pretraining, write_leaderboard_items])
def test_chats_and_tasks_are_made_of_templates_and_refusals(
    store: Store, declared: tuple[Manifest, ...], write: Callable[[Workspace, int], None]
) -> None:
    assert written(store, write, *declared, n=4).height >= 4


def test_no_judge_text_is_a_comment_of_the_corpus(store: Store, declared: tuple[Manifest, ...]) -> None:
    taken = written(store, write_judge_texts, *declared, n=60)["text"]
    corpus = published(store, "demo/corpus", pl.DataFrame({"text": taken.head(5)}))
    assert not set(taken.head(5)) & set(written(store, write_judge_texts, *declared, corpus, n=60)["text"])
