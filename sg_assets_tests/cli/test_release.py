"""The command that hands out a release, on a small store."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.hub.taking import taking
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.release.conftest import writing_files
from sg_assets_tests.store.steps import recipe, step

pytestmark = pytest.mark.slow

ADAPTER = "adapters/kto[sft_kto]"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """Of a profile that releases one variant."""
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    with (tmp_path / "project/models/profiles/tiny.yaml").open("a") as profile:
        profile.write("release: {variants: [sft_kto]}\n")
    for name, value in {"SG_PROJECT": tmp_path / "project", "SG_HOME": tmp_path, "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    return Store(tmp_path / "tiny" / "store", "tiny")


@pytest.fixture
def published(store: Store) -> Manifest:
    step(store, ADAPTER, writing_files({"adapter_model.safetensors": "one"}), made_by=recipe(key=()), run_id="1")
    written = writing_files({"README.md": "# A card\n"})
    return step(store, "reports/release[sft_kto]", written, [ADAPTER], made_by=recipe(key=()), run_id="2").manifest


def release(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["release", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_published_release_is_copied_and_named(published: Manifest, tmp_path: Path) -> None:
    output = release("sft_kto", str(tmp_path / "out"))
    assert output.startswith(f"reports/release[sft_kto] {published.version}: 1 files in")
    assert "has changed" not in output
    assert (tmp_path / "out" / "README.md").read_text() == "# A card\n"


def test_one_whose_adapter_moved_on_is_said_to_be_so(store: Store, published: Manifest, tmp_path: Path) -> None:
    retrained = writing_files({"adapter_model.safetensors": "two"})
    step(store, ADAPTER, retrained, made_by=recipe(key=(), seed=1), run_id="3")
    output = release("sft_kto", str(tmp_path / "o"))
    assert f"the content of {ADAPTER} has changed since this release was built" in output


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ("sft_kto", r"reports/release\[sft_kto\] has no version yet\. Build it with `sg-assets run"),
        ("sft_dpo", r"tiny\.yaml, release\.variants: 'sft_dpo' is not declared for release\. Add it there"),
        ("sft_kot", r"'sft_kot' is not declared for release\. Did you mean 'sft_kto'"),
        ("../out", r"'\.\./out' is not declared for release"),
    ],
)
def test_what_is_not_there_says_how_to_make_it(store: Store, tmp_path: Path, variant: str, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        release(variant, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_one_is_sent_to_the_repository_declared_for_it(
    store: Store, published: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "project/models/profiles/tiny.yaml"
    declared = "release: {variants: [sft_kto], hub: {sft_kto: {repo: sg/safe}}}"
    profile.write_text(profile.read_text().replace("release: {variants: [sft_kto]}", declared))
    with taking("hf_LoopbackOnly") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        monkeypatch.setenv("HF_TOKEN", hub.token)
        output = release("sft_kto", "--push")
    assert output.startswith(f"reports/release[sft_kto] {published.version}: sent to {hub.endpoint}/sg/safe/commit/")
    assert hub.files == {"sg/safe": {"README.md": b"# A card\n"}}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("sft_kto",), r"no target is given.*FOLDER"), (("sft_kto", "--push"), "no repository is declared for 'sft_kto'")],
)
def test_it_must_be_said_where_one_goes(published: Manifest, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        CliRunner().invoke(app, ["release", *arguments], catch_exceptions=False)
