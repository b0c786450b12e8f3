"""Digests of model files: read again at each load up to a gigabyte, by identity beyond."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sg_assets.hub import file_digests as module
from sg_assets.hub.file_digests import Purpose, file_digests
from sg_assets.hub.local_records import files_root, record_name
from sg_assets_tests.hub.server import git_blob, sha256

CONTENT = b"weights"


@pytest.fixture
def digested(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names of the files that were read for a digest."""
    names: list[str] = []
    read = module._digest

    def counting(path: Path, *rest: Any) -> str:
        names.append(path.name)
        return read(path, *rest)

    monkeypatch.setattr(module, "_digest", counting)
    (tmp_path / "w").write_bytes(CONTENT)
    return names


def digest(folder: Path, purpose: Purpose = "load") -> tuple[int, str]:
    return file_digests(folder, [("w", "sha256")], purpose=purpose)["w"]


def test_both_kinds_of_digests_are_those_of_the_hub(tmp_path: Path, digested: list[str]) -> None:
    assert digest(tmp_path) == (len(CONTENT), sha256(CONTENT))
    assert file_digests(tmp_path, [("w", "git_blob")], purpose="load")["w"] == (len(CONTENT), git_blob(CONTENT))


def test_a_small_model_is_read_at_each_load(tmp_path: Path, digested: list[str]) -> None:
    digest(tmp_path), digest(tmp_path)
    assert len(digested) == 2


def test_looking_reads_what_is_known_no_more(tmp_path: Path, digested: list[str]) -> None:
    assert digest(tmp_path, "look") == digest(tmp_path, "look")
    assert len(digested) == 1


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DIGESTED_AT_EACH_READ", 1)


@pytest.mark.usefixtures("large")
def test_a_large_model_is_read_once(tmp_path: Path, digested: list[str]) -> None:
    assert digest(tmp_path) == digest(tmp_path)
    assert len(digested) == 1


@pytest.mark.usefixtures("large")
def test_a_large_model_is_read_again_after_some_days(
    tmp_path: Path, digested: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest(tmp_path)
    monkeypatch.setattr(module, "DIGESTED_AGAIN", timedelta(0))
    digest(tmp_path)
    assert len(digested) == 2


@pytest.mark.usefixtures("large")
def test_a_changed_file_with_its_old_times_is_seen(tmp_path: Path, digested: list[str]) -> None:
    digest(tmp_path)
    times = (tmp_path / "w").stat()
    (tmp_path / "w").write_bytes(CONTENT[::-1])
    os.utime(tmp_path / "w", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert digest(tmp_path)[1] == sha256(CONTENT[::-1])


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("record", [b"", b"[1]", b'{"sha256:w": 3}', b'{"sha256:w": {"identity": 1}}', b"\xff"])
def test_a_lost_memory_costs_a_digest(tmp_path: Path, digested: list[str], record: bytes) -> None:
    digest(tmp_path)
    name = record_name(str(tmp_path))
    (files_root() / "digests" / f"{name}.json").write_bytes(record)
    assert digest(tmp_path)[1] == sha256(CONTENT)
    assert len(digested) == 2
