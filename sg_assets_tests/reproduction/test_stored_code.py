"""The stored code of a version: as installed, or its whole package."""

from pathlib import Path

import pytest

from sg_assets.code.package import installed_package, package_of
from sg_assets.code.stored_listing import as_stored, installed_package_as_stored, text_digest
from sg_assets.errors import SgAssetsError
from sg_assets.reproduction.stored_code import stored_code_of, write_package
from sg_assets.statistics.rates import estimate
from sg_assets.store.manifests import Manifest
from sg_assets.store.step_code import code_of
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, step, writing

QUERY = ("sql/scores/sg_safety.sql", "SELECT 1")
RATES = "sg_assets/statistics/rates.py"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


@pytest.fixture
def version(store: Store) -> Manifest:
    """A version that was made by installed code."""
    code, texts, _ = code_of([estimate], [QUERY])
    store.keep_code(texts)
    manifest = step(store, "raw/table", writing(ROWS), run_id="1").manifest
    return manifest.model_copy(update={"code": code, "libraries": {}})


def of_other_package(store: Store, version: Manifest, edited: dict[str, str]) -> Manifest:
    """The same with other texts in the package that made it."""
    package = as_stored(package_of({**installed_package().all_files(), **edited}))
    [listing] = [(store.home / f"code/{version.code.listing}.txt").read_text()]
    listing = listing.replace(installed_package_as_stored().digest, package.digest)
    store.keep_code({**package.texts, text_digest(listing): listing})
    return version.model_copy(
        update={"code": version.code.model_copy(update={"listing": text_digest(listing), "fingerprint": "other"})}
    )


def test_the_installed_code_is_as_installed(store: Store, version: Manifest) -> None:
    stored = stored_code_of(store, version)
    assert stored.is_installed
    assert stored.queries == dict([QUERY])
    assert stored.missing == ()


def test_the_whole_package_is_there(store: Store, version: Manifest) -> None:
    texts = stored_code_of(store, version).texts()
    assert texts == installed_package().all_files()


def test_another_text_anywhere_is_not_as_installed(store: Store, version: Manifest) -> None:
    other = of_other_package(store, version, {RATES: "THEN = 1\n"})
    stored = stored_code_of(store, other)
    assert not stored.is_installed
    assert (stored.texts() or {})[RATES] == "THEN = 1\n"


def test_a_query_that_is_not_kept_is_named(store: Store, version: Manifest) -> None:
    (store.home / f"code/{version.code.texts[QUERY[0]]}.txt").unlink()
    assert stored_code_of(store, version).missing == (QUERY[0],)


def test_a_listing_that_is_not_kept_is_named(store: Store, version: Manifest) -> None:
    (store.home / f"code/{version.code.listing}.txt").unlink()
    stored = stored_code_of(store, version)
    assert stored.missing == ("the listing of its definitions",)
    assert stored.texts() is None


def test_a_package_of_which_a_text_is_lost_is_not_there(store: Store, version: Manifest) -> None:
    other = of_other_package(store, version, {RATES: "THEN = 1\n"})
    bundle = (stored_code_of(store, other).files or {})[RATES].bundle
    (store.home / f"code/{bundle}.txt").unlink()
    assert stored_code_of(store, other).texts() is None


def test_a_damaged_bundle_is_refused(store: Store, version: Manifest) -> None:
    other = of_other_package(store, version, {RATES: "THEN = 1\n"})
    path = store.home / f"code/{(stored_code_of(store, other).files or {})[RATES].bundle}.txt"
    path.write_text(path.read_text().replace("THEN = 1", "THEN = 2"))
    with pytest.raises(SgAssetsError, match="damaged"):
        stored_code_of(store, other).texts()


def test_a_version_recorded_by_modules_says_so(store: Store, version: Manifest) -> None:
    code = version.code.model_copy(update={"listing": None, "definitions": None, "texts": {"sg_assets.x": "0" * 32}})
    stored = stored_code_of(store, version.model_copy(update={"code": code}))
    assert not stored.recorded
    assert not stored.is_installed


def test_libraries_of_other_versions_are_reported(store: Store, version: Manifest) -> None:
    stored = stored_code_of(store, version.model_copy(update={"libraries": {"polars": "0.1", "no_such_library": "1"}}))
    assert [library[:2] for library in stored.other_libraries] == [("no_such_library", "1"), ("polars", "0.1")]
    assert stored.other_libraries[0][2] == "not installed"


def test_the_package_is_laid_out_as_it_was(store: Store, version: Manifest, tmp_path: Path) -> None:
    other = of_other_package(store, version, {RATES: "THEN = 1\n", "sg_assets/gone_since.py": "X = 1\n"})
    write_package(stored_code_of(store, other).texts() or {}, tmp_path)
    assert (tmp_path / RATES).read_text() == "THEN = 1\n"
    assert (tmp_path / "sg_assets/gone_since.py").read_text() == "X = 1\n"
    assert (tmp_path / "sg_assets/lineage/render/why.html.j2").is_file()


@pytest.mark.parametrize("path", ["../evil.py", "/etc/evil.py", "os.py", "sg_assets/../../evil.py", "sg_assets\\x.py"])
def test_a_path_outside_of_the_package_is_refused(store: Store, version: Manifest, path: str) -> None:
    package = as_stored(installed_package())
    listing = package.texts[package.digest].replace('"sg_assets/cli/app.py"', f'"{path}"'.replace("\\", "\\\\"))
    text = (store.home / f"code/{version.code.listing}.txt").read_text()
    text = text.replace(package.digest, text_digest(listing))
    store.keep_code({text_digest(listing): listing, text_digest(text): text})
    code = version.code.model_copy(update={"listing": text_digest(text)})
    with pytest.raises(SgAssetsError, match="no file of it"):
        stored_code_of(store, version.model_copy(update={"code": code})).texts()


def test_a_runner_outside_of_the_package_is_refused(store: Store, version: Manifest) -> None:
    text = (store.home / f"code/{version.code.listing}.txt").read_text()
    text = text.replace("sg_assets.reproduction.rebuild", "http.server")
    store.keep_code({text_digest(text): text})
    code = version.code.model_copy(update={"listing": text_digest(text)})
    with pytest.raises(SgAssetsError, match="no module of the package"):
        stored_code_of(store, version.model_copy(update={"code": code}))
