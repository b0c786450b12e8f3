"""The stored code of a version, laid out to run again."""

from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.lineage.kept_code import kept_code, lay_out
from sg_assets.store.code import python_code
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store

MODULE = "sg_assets.statistics.clusters"


@pytest.fixture
def version(store: Store, before: Manifest) -> Manifest:
    """A version that was made by the installed code of a module."""
    code, texts = python_code([MODULE], [("sql/scores/sg_safety.sql", "SELECT 1")])
    store.keep_code(texts)
    return before.model_copy(update={"code": code, "libraries": {}})


def edited(store: Store, version: Manifest, old: str, new: str) -> Manifest:
    """The same with another text of the module."""
    text = kept_code(store, version).modules[MODULE]
    assert old in text
    other = text.replace(old, new)
    store.keep_code({"0" * 32: other})
    return version.model_copy(update={"code": version.code.model_copy(
        update={"texts": {**version.code.texts, MODULE: "0" * 32}})})  # fmt: skip


def test_the_installed_code_is_as_installed(store: Store, version: Manifest) -> None:
    kept = kept_code(store, version)
    assert kept.whole
    assert MODULE in kept.modules
    assert "sg_assets.errors" in kept.modules
    assert kept.queries == {"sql/scores/sg_safety.sql": "SELECT 1"}
    assert kept.other_modules == ()


def test_another_behaviour_is_named(store: Store, version: Manifest) -> None:
    assert kept_code(store, edited(store, version, "level: float", "lvl: float")).other_modules == (MODULE,)


def test_another_comment_is_no_other_behaviour(store: Store, version: Manifest) -> None:
    assert kept_code(store, edited(store, version, "# what scipy.stats'", "# all that")).other_modules == ()


def test_a_text_that_is_not_kept_is_named(store: Store, version: Manifest) -> None:
    digest = version.code.texts[MODULE]
    (store.home / f"code/{digest}.txt").unlink()
    kept = kept_code(store, version)
    assert (kept.whole, kept.missing) == (False, (MODULE,))


def test_libraries_of_other_versions_are_told(store: Store, version: Manifest) -> None:
    found = kept_code(store, version.model_copy(update={"libraries": {"polars": "0.1", "no_such_library": "1"}}))
    assert [one[:2] for one in found.other_libraries] == [("no_such_library", "1"), ("polars", "0.1")]
    assert found.other_libraries[0][2] == "not installed"


def test_the_package_is_laid_out_with_the_stored_modules(store: Store, version: Manifest, tmp_path: Path) -> None:
    texts = {MODULE: "THEN = 1\n", "sg_assets.gone_since": "X = 1\n", "sg_assets.store.refs": "Y = 1\n"}
    kept = replace(kept_code(store, version), modules=texts, other_modules=tuple(texts))
    lay_out(kept, tmp_path)
    assert (tmp_path / "sg_assets/store/refs.py").read_text() != "Y = 1\n"  # what all stands on stays as installed
    assert (tmp_path / "sg_assets/statistics/clusters.py").read_text() == "THEN = 1\n"
    assert (tmp_path / "sg_assets/gone_since.py").read_text() == "X = 1\n"
    assert (tmp_path / "sg_assets/lineage/views/why.html.j2").is_file()


def test_a_name_that_is_no_module_of_the_package_is_no_path(store: Store, version: Manifest, tmp_path: Path) -> None:
    text = {name: next(iter(version.code.texts.values())) for name in ("../evil", "os", "sg_assets/../x")}
    odd = version.model_copy(update={"code": version.code.model_copy(update={"texts": text})})
    kept = kept_code(store, odd)
    assert not kept.modules
    (tmp_path / "laid").mkdir()
    lay_out(kept, tmp_path / "laid")
    assert [path.name for path in (tmp_path / "laid").iterdir()] == ["sg_assets"]
    assert not (tmp_path / "evil.py").exists()
