"""Records of this machine: replaced as a whole, and no error where they cannot be."""

from pathlib import Path

import pytest

from sg_assets.hub.local_records import files_root, read_record, record_name, write_record


def test_a_record_is_read_back(tmp_path: Path) -> None:
    write_record(tmp_path / "a" / "r.json", {"folder": "x"})
    assert read_record(tmp_path / "a" / "r.json") == {"folder": "x"}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["r.json"]


def test_a_record_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    write_record(tmp_path / "file" / "r.json", {})
    assert read_record(tmp_path / "file" / "r.json") == {}


def test_names_are_safe_for_any_path() -> None:
    assert record_name("/a") != record_name("/b")
    assert record_name("/\udcff ../x").isalnum()


def test_records_lie_in_the_hub_library_s_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_ASSETS_CACHE", str(tmp_path))
    assert files_root() == tmp_path / "sg_assets"
