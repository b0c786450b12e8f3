"""The step that fits the embedder."""

from pathlib import Path

import pytest

from sg_assets.demo import judge_texts
from sg_assets.embedding.embedder_step import fit_embedder
from sg_assets.errors import SgAssetsError
from sg_assets_tests.demo.declared import refusals, templates
from sg_assets_tests.store.steps import new_store, published, workspace


def test_it_is_fitted_on_the_texts_for_fitting_and_measured_on_unseen_wordings(tmp_path: Path) -> None:
    store, lines = new_store(tmp_path), list[str]()
    texts = judge_texts.texts(0, 300, templates(), refusals())
    with workspace(store, "models/embedder", published(store, "demo/judge_texts", texts)) as work:
        fit_embedder(work, 0, None, lines.append)
        assert list(work.result_folder.iterdir())
        assert str(work.details["on_unseen_wordings"]) in lines[0]


def test_a_model_behind_an_endpoint_is_refused(tmp_path: Path) -> None:
    with (
        workspace(new_store(tmp_path), "models/embedder") as work,
        pytest.raises(SgAssetsError, match="the embedder text-x cannot be used yet"),
    ):
        fit_embedder(work, 0, "text-x", lambda _: None)
