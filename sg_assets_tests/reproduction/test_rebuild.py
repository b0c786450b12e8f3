"""The scratch folder of a rebuild."""

from pathlib import Path

import pytest

from sg_assets.reproduction.rebuild import link_model_caches
from sg_assets.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    return read_settings()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_stored_model_outputs_are_linked_and_leases_are_not(settings: Settings, tmp_path: Path) -> None:
    stored = write(settings.answers / "rule" / "1.parquet", "answers")
    write(settings.answers / "leases" / "1", "")
    scratch = tmp_path / "scratch"
    link_model_caches(settings, scratch)
    linked = scratch / stored.relative_to(settings.home)
    assert linked.samefile(stored)
    assert not (scratch / "answers/leases").exists()


def test_a_file_that_the_scratch_folder_has_stays(settings: Settings, tmp_path: Path) -> None:
    write(settings.judged / "toxicity" / "1.parquet", "stored")
    own = write(tmp_path / "scratch/judged/toxicity/1.parquet", "own")
    link_model_caches(settings, tmp_path / "scratch")
    assert own.read_text() == "own"
