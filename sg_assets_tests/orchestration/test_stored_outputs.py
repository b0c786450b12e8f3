"""No step reads stored outputs of models without a comparison with their seals."""

import random
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.stored_outputs import stored_answers, stored_scores, stored_vectors
from sg_assets_tests.generation.test_kept_outputs import store_answers, store_scores
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.harm import flip_bit

FOLDERS = re.compile(r"settings\.(answers|judged|embedded)\b")
READING_ONLY = {"stored_outputs.py", "project_status.py"}
"""The comparison, and the plan, which counts calls and reads no answer."""


def test_no_module_of_assets_names_the_folders() -> None:
    named = {path.name for path in (PROJECT / "sg_assets").rglob("*.py") if FOLDERS.search(path.read_text())}
    assert named == READING_ONLY


def project(home: Path, **paid: object) -> Any:
    """What the functions read of a project."""
    folders = {name: home / name for name in ("answers", "judged", "embedded")}
    profile = SimpleNamespace(**{"generator": None, "paid_embedder": None} | paid)
    return SimpleNamespace(settings=SimpleNamespace(**folders), declared=SimpleNamespace(profile=profile))


def test_damaged_outputs_are_set_aside_before_a_step_reads(tmp_path: Path) -> None:
    for file in [store_answers(tmp_path), store_scores(tmp_path)]:
        flip_bit(file, random.Random(1))
    lines: list[str] = []
    free = project(tmp_path)
    with stored_answers(free, lines.append), stored_scores(free, lines.append):
        assert len(lines) == 2
    with stored_vectors(free, lines.append) as folder:
        assert folder == tmp_path / "embedded"


def test_a_paid_generator_is_not_asked_again_unasked(tmp_path: Path) -> None:
    flip_bit(store_answers(tmp_path), random.Random(1))
    paid = project(tmp_path, generator="endpoint")
    with pytest.raises(SgAssetsError, match="costs money"), stored_answers(paid, print):
        pass
