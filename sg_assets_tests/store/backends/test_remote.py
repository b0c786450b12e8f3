"""A store that is reached through fsspec: copies on this machine, nothing else kept here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from upath import UPath

from sg_assets.errors import SgAssetsError
from sg_assets.store.backends.interface import Files
from sg_assets.store.catalogue import rebuild
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.steps import ROWS, recipe, step, writing

T = Ref.parse("raw/t")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[UPath]:
    root = UPath(f"memory://{tmp_path.name}/prefix")
    yield root
    root.fs.rm(root.path, recursive=True)


@pytest.fixture
def here(root: UPath, tmp_path: Path) -> Store:
    return Store(root, "demo", tmp_path / "here")


@pytest.fixture
def elsewhere(root: UPath, here: Store, tmp_path: Path) -> Store:
    """The same store on another machine."""
    return Store(root, "demo", tmp_path / "there")


def fetched(monkeypatch: pytest.MonkeyPatch, root: UPath) -> list[str]:
    """The names of contents that are fetched from now on."""
    names: list[str] = []
    get_file = root.fs.get_file

    def counting(path: str, *arguments: Any, **options: Any) -> None:
        names.append(path.removeprefix(f"{root.path}/"))
        get_file(path, *arguments, **options)

    monkeypatch.setattr(root.fs, "get_file", counting)
    return names


def test_what_one_machine_publishes_another_reads_at_once(here: Store, elsewhere: Store) -> None:
    for rows in (3, 1):
        made = step(here, "raw/t", writing(ROWS.head(rows)), made_by=recipe(seed=rows), run_id=str(rows)).manifest
        assert elsewhere.head(T) == made
        assert pl.read_parquet(elsewhere.path(made)).height == rows


def test_a_content_is_fetched_once(here: Store, elsewhere: Store, root: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    made = step(here, "raw/t", writing(ROWS)).manifest
    names = fetched(monkeypatch, root)
    for _ in range(2):
        assert elsewhere.path(made).is_relative_to(elsewhere.home)
    assert names == [made.object]


def test_what_was_made_here_is_not_fetched(here: Store, root: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    names = fetched(monkeypatch, root)
    made = step(here, "raw/t", writing(ROWS)).manifest
    step(here, "raw/u", lambda work: work.write_query("FROM raw.t", {}), ["raw/t"])
    assert pl.read_parquet(here.path(made)).equals(ROWS)
    assert names == []


def test_folders_are_fetched_with_all_they_hold(here: Store, elsewhere: Store) -> None:
    def work(workspace: Workspace) -> None:
        (workspace.result_folder / "deep").mkdir(parents=True)
        (workspace.result_folder / "deep" / "weights").write_text("1")
        (workspace.result_folder / "config").write_text("2")

    path = elsewhere.path(step(here, "models/m", work, made_by=recipe(key=())).manifest)
    assert {file.relative_to(path).as_posix() for file in path.rglob("*")} == {"deep", "deep/weights", "config"}


def test_a_folder_that_was_put_in_part_is_not_there_and_is_completed(here: Store) -> None:
    files: Files = here.files
    (here.root / "artifacts/a/b/x").mkdir(parents=True)
    (here.root / "artifacts/a/b/x/one").write_text("1")
    assert not files.holds("artifacts/a/b/x", ["one", "two"])
    staged = here.staging / "new"
    staged.mkdir(parents=True)
    for name in ("one", "two"):
        (staged / name).write_text(name)
    files.put(staged, "artifacts/a/b/x")
    assert files.holds("artifacts/a/b/x", ["one", "two"])
    assert (files.local("artifacts/a/b/x") / "one").read_text() == "1"


def test_the_catalogue_lies_here_and_needs_nothing_but_duckdb(here: Store, elsewhere: Store) -> None:
    step(here, "raw/t", writing(ROWS))
    path = rebuild(elsewhere)
    assert path == elsewhere.home / "registry.duckdb"
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM raw.t").fetchone() == (3,)


def test_a_store_elsewhere_needs_a_folder_here(root: UPath, here: Store) -> None:
    with pytest.raises(SgAssetsError, match="needs a local folder for copies"):
        Store(root, "demo")
