"""A judge that knows two words, fitted once."""

from pathlib import Path

import pytest

from sg_assets.judging.linear import fit


@pytest.fixture(scope="session")
def judge_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder: texts with 'grobok' are toxic, texts with 'friendly' are not."""
    folder = tmp_path_factory.mktemp("judge")
    texts = [f"you are {word} number {n}" for n in range(30) for word in ("grobok", "friendly")]
    fit(texts, ["grobok" in text for text in texts], folder, seed=0)
    return folder
