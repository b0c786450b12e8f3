"""A small embedder, fitted once."""

from pathlib import Path

import pytest

from sg_assets.demo import judge_texts
from sg_assets.embedding.embedder import fit
from sg_assets_tests.demo.declared import refusals, templates


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder."""
    folder = tmp_path_factory.mktemp("embedder")
    drawn = judge_texts.texts(0, 300, templates(), refusals())
    fit(drawn["text"].unique().sort().to_list(), folder, seed=0)
    return folder
