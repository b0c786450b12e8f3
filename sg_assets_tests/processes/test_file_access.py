"""New files are for their owner alone, or for whom the environment names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.errors import InvalidSettingError
from sg_assets.processes.file_access import VARIABLE, limit_file_access
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("named", "file", "folder"),
    [
        (None, 0o600, 0o700),
        ("", 0o600, 0o700),
        ("owner", 0o600, 0o700),
        ("group", 0o660, 0o770),
        ("group-read", 0o640, 0o750),
    ],
)
def test_files_of_a_store_get_the_declared_access(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None, file: int, folder: int
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if named is not None:
        monkeypatch.setenv(VARIABLE, named)
    limit_file_access()
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in [store.home, *store.home.rglob("*")]}
    assert modes == {(False, file), (True, folder)}


@pytest.mark.parametrize("named", ["all", "0644", "GROUP", "x" * 5000])
def test_another_access_is_refused(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(VARIABLE, named)
    with pytest.raises(InvalidSettingError, match=r"SG_FILE_ACCESS: '.{1,40}' is not an access"):
        limit_file_access()
