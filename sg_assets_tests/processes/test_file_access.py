"""New files are for their owner alone, or for whom the environment names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.errors import InvalidSettingError
from sg_assets.processes.file_access import VARIABLE, limit_file_access, tighten_access
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


@pytest.mark.parametrize(
    ("named", "file", "folder"),
    [("owner", 0o600, 0o700), ("group", 0o660, 0o770), ("group-read", 0o640, 0o750)],
)
def test_old_files_are_tightened_to_the_declared_access(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, file: int, folder: int
) -> None:
    monkeypatch.setenv(VARIABLE, named)
    inner = tmp_path / "home" / "a"
    inner.mkdir(parents=True)
    (inner / "b").touch()
    (inner / "link").symlink_to("/etc/hostname")
    for path in (inner.parent, inner):
        path.chmod(0o777)
    (inner / "b").chmod(0o666)
    outside = Path("/etc/hostname").stat().st_mode
    assert tighten_access(tmp_path / "home") == 3
    modes = [path.stat().st_mode & 0o777 for path in (inner.parent, inner, inner / "b")]
    assert modes == [folder, folder, file]
    assert Path("/etc/hostname").stat().st_mode == outside
    assert tighten_access(tmp_path / "home") == 0


def test_access_is_tightened_and_never_widened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "group")
    (tmp_path / "a").touch(0o400)
    tmp_path.chmod(0o700)
    assert tighten_access(tmp_path) == 0
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o400
