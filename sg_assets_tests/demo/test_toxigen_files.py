import re
from pathlib import Path

import pytest

from sg_assets.demo import toxigen_files
from sg_assets.demo.statements import Statement
from sg_assets.errors import SgAssetsError
from sg_assets.ingest.toxigen import GROUPS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toxigen")
    toxigen_files.write_prompt_files(folder, 0, 12)
    return folder


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_there_are_two_files_for_each_of_the_thirteen_groups(folder: Path) -> None:
    names = {f"{label}_{group}_1k.txt" for label in ("hate", "neutral") for group in GROUPS}
    assert set(_files(folder)) == names
    assert len(names) == 26


def test_a_line_is_a_prompt_in_the_official_layout(folder: Path) -> None:
    for text in _files(folder).values():
        lines = text.splitlines()
        assert len(lines) == len(set(lines)) == 12
        assert all(re.fullmatch(r"(- [^\\]+\\n){2,3}-", line) for line in lines)


def test_sentences_name_no_real_group(folder: Path) -> None:
    words = set(re.findall(r"[a-z]+", " ".join(_files(folder).values()).lower()))
    assert not words & (set(GROUPS) - {"women"})


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    toxigen_files.write_prompt_files(tmp_path / "again", 0, 12)
    toxigen_files.write_prompt_files(tmp_path / "other", 1, 12)
    assert _files(tmp_path / "again") == _files(folder) != _files(tmp_path / "other")


def test_more_prompts_than_there_are_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(toxigen_files._KINDS, "hate", (Statement("{people} people", "yes", False),))
    with pytest.raises(SgAssetsError, match="no 20 distinct prompts"):
        toxigen_files.write_prompt_files(tmp_path, 0, 20)
