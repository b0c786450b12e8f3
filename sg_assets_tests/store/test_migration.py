"""A store of the format before is refused with the way on, and taken over with every version it has."""

import json
from pathlib import Path

import pytest

from sg_assets.errors import DamagedStoreError, IncompatibleStoreError, SgAssetsError
from sg_assets.store.backends.interface import Files
from sg_assets.store.migration import Migration, migrate
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.before import files_before
from sg_assets_tests.store.steps import new_store

SECTIONS = ["manifests", "quarantine", "heads"]


@pytest.fixture(params=["local", "memory"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return files_before(tmp_path, request.param)


def records(files: Files) -> dict[str, bytes]:
    return {name: files.read(name) for section in SECTIONS for name in files.glob(f"{section}/*/*/*/*.json")}


def identity(files: Files) -> object:
    return json.loads(files.read("store.json"))


def test_opening_says_how_to_go_on(tmp_path: Path) -> None:
    files_before(tmp_path, "local")
    with pytest.raises(SgAssetsError, match=r"has format 2, this code reads 3\. Run `sg-assets migrate`"):
        new_store(tmp_path)


def test_every_version_is_taken_over_and_no_record_rewritten(before: Files) -> None:
    written = records(before)
    assert migrate(before, "here", "demo") == Migration(moved=True, versions=2, quarantined=1)
    assert identity(before) == {"format": 3, "profile": "demo"}
    assert records(before) == written


def test_what_was_published_is_published_after_it(tmp_path: Path) -> None:
    migrate(files_before(tmp_path, "local"), "here", "demo")
    store = new_store(tmp_path)
    assert [str(ref) for ref in store.refs()] == ["adapters/u[sft]", "raw/t"]
    adapter = store.required_head(Ref.parse("adapters/u[sft]"))
    assert adapter.inputs == (store.required_head(Ref.parse("raw/t")).pin(),)
    assert [waiting.ref.asset for waiting in quarantined_versions(store)] == ["raw/t"]


def test_a_second_time_nothing_is_to_be_done(before: Files) -> None:
    migrate(before, "here", "demo")
    assert migrate(before, "here", "demo") == Migration(moved=False, versions=2, quarantined=1)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_record_that_cannot_be_read_is_named_and_nothing_is_changed(before: Files, section: str) -> None:
    name = before.glob(f"{section}/raw/t/-/*.json")[0]
    before.replace(name, "{}")
    with pytest.raises(SgAssetsError, match=f"1 records cannot be read: {name}.*Nothing was changed"):
        migrate(before, "here", "demo")
    assert identity(before) == {"format": 2, "profile": "demo"}


@pytest.mark.parametrize("written", [1, 4, None])
def test_an_unknown_format_is_refused_by_opening_and_by_migrating(tmp_path: Path, written: int | None) -> None:
    files = files_before(tmp_path, "local")
    files.replace("store.json", json.dumps({"format": written, "profile": "demo"}))
    with pytest.raises(SgAssetsError, match=f"has format {written}.*Only format 2 can be converted to 3"):
        migrate(files, "here", "demo")
    with pytest.raises(SgAssetsError, match=f"has format {written}, this code reads 3.*another SG_HOME"):
        new_store(tmp_path)


def test_the_store_of_another_profile_is_not_taken_over(before: Files) -> None:
    with pytest.raises(IncompatibleStoreError, match="belongs to profile 'demo'"):
        migrate(before, "here", "tiny")


def test_where_there_is_no_store_none_is_made(tmp_path: Path) -> None:
    files = Store(tmp_path / "other", "demo").files
    files.remove("store.json")
    with pytest.raises(SgAssetsError, match="there is no store"):
        migrate(files, "here", "demo")
    assert files.glob("store.json") == []


@pytest.mark.parametrize("text", ["{", "[]"])
def test_an_identity_that_cannot_be_read_is_told(before: Files, text: str) -> None:
    before.replace("store.json", text)
    with pytest.raises(DamagedStoreError, match="identity cannot be read"):
        migrate(before, "here", "demo")
