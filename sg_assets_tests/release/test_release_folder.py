"""The folder of a release."""

import json
import shutil
import subprocess
from pathlib import Path

from sg_assets.hub.file_list import ModelFileList, PinnedFile
from sg_assets.release.release_folder import CHECKSUMS, adapter_config, write_release_folder
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import read_record
from sg_assets.store.store import Store
from sg_assets_tests.release.conftest import CONFIG
from sg_assets_tests.store.steps import recipe
from sg_assets_tests.store.test_marks import accepted


def test_a_release_holds_the_adapter_its_card_and_every_manifest(
    store: Store, made: dict[str, Manifest], release: Manifest
) -> None:
    behind = [*made.values(), store.required_head(Ref.parse("raw/t"))]
    manifests = {f"manifests/{manifest.ref.folder}/{manifest.version}.json" for manifest in behind}
    top = {"README.md", "adapter_config.json", "adapter_model.safetensors", CHECKSUMS}
    assert set(release.files) == manifests | top


def test_a_manifest_goes_out_as_it_is_kept_without_its_seal(
    store: Store, made: dict[str, Manifest], release: Manifest
) -> None:
    for manifest in made.values():
        name = f"manifests/{manifest.ref.folder}/{manifest.version}.json"
        assert (store.path(release) / name).read_bytes() == read_record(store.files, name)


def test_marks_of_what_it_was_made_from_go_out_beside_the_manifests(
    store: Store, made: dict[str, Manifest], tmp_path: Path
) -> None:
    table = store.required_head(Ref.parse("raw/t"))
    name = store.marks.append(table.ref, accepted(table, recipe("new")))
    adapter, base, card = (store.path(manifest) for manifest in made.values())
    write_release_folder(
        tmp_path, adapter=adapter, base=base, card=card / "README.md", store=store, made_from=list(made.values())
    )
    packed = f"marks/raw/t/-/{name}.json"
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("marks/*/*/*/*")] == [packed]
    assert (tmp_path / packed).read_bytes() == read_record(store.files, packed)
    assert packed in (tmp_path / CHECKSUMS).read_text()


def test_the_digests_are_those_of_every_file(store: Store, release: Manifest) -> None:
    command = [str(shutil.which("sha256sum")), "--check", "--strict", CHECKSUMS]
    ended = subprocess.run(command, cwd=store.path(release), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) == len(release.files) - 1


def test_the_same_versions_give_the_same_bytes(
    store: Store, made: dict[str, Manifest], release: Manifest, tmp_path: Path
) -> None:
    adapter, base, card = (store.path(manifest) for manifest in made.values())
    folder = tmp_path / "again"
    write_release_folder(
        folder, adapter=adapter, base=base, card=card / "README.md", store=store, made_from=reversed(made.values())
    )
    assert (folder / CHECKSUMS).read_bytes() == (store.path(release) / CHECKSUMS).read_bytes()


def test_a_base_trained_here_keeps_its_label(store: Store, release: Manifest) -> None:
    assert json.loads((store.path(release) / "adapter_config.json").read_text()) == CONFIG


def test_a_base_from_a_folder_keeps_its_label(tmp_path: Path) -> None:
    listed = (PinnedFile(name="model.safetensors", size=1, sha256="0"),)
    ModelFileList(trust_remote_code=False, files=listed).write(tmp_path)
    (tmp_path / "adapter_config.json").write_text(json.dumps(CONFIG))
    assert json.loads(adapter_config(tmp_path, tmp_path)) == CONFIG


def test_a_base_of_the_hub_is_named_by_repository_and_commit(tmp_path: Path) -> None:
    listed = (PinnedFile(name="model.safetensors", size=1, sha256="0"),)
    snapshot = ModelFileList(repo="sg/tiny", revision="main", commit="c0ffee", trust_remote_code=False, files=listed)
    snapshot.write(tmp_path)
    (tmp_path / "adapter_config.json").write_text(json.dumps(CONFIG))
    config = json.loads(adapter_config(tmp_path, tmp_path))
    assert config == {**CONFIG, "base_model_name_or_path": "sg/tiny", "revision": "c0ffee"}
