"""The step that makes a release."""

from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.licences import Licensed
from sg_assets.declarations.records.licence import Licence
from sg_assets.errors import SgAssetsError
from sg_assets.release.release_folder import CHECKSUMS
from sg_assets.release.release_step import collect_merge, finish_release, merge_spec, prepare_release
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.steps import workspace

RELEASE = "reports/release[sft_r16]"


def test_a_variant_without_a_licence_is_not_released(store: Store) -> None:
    profile = load_declarations(PROJECT, "tiny").profile.model_copy(update={"objectives": ()})
    missing = Licensed("chat model base", "licences.chat_models.base", None)
    with workspace(store, RELEASE) as work:
        with pytest.raises(SgAssetsError, match=r"licences\.chat_models\.base"):
            prepare_release(work, profile, [missing])
        assert not work.result_folder.exists()


def test_a_variant_that_may_be_released_gets_a_folder(store: Store) -> None:
    profile = load_declarations(PROJECT, "tiny").profile.model_copy(update={"objectives": ()})
    licensed = Licensed("chat model base", "licences.chat_models.base", Licence(name="MIT"))
    with workspace(store, RELEASE) as work:
        prepare_release(work, profile, [licensed])
        assert list(work.result_folder.iterdir()) == []


def test_the_pinned_adapter_is_merged_into_the_pinned_model(store: Store, made: dict[str, Manifest]) -> None:
    adapter, base, _ = made.values()
    with workspace(store, RELEASE, *made.values()) as work:
        unmerged = load_declarations(PROJECT, "tiny").profile.generation.model_copy(update={"adapter": "unmerged"})
        spec = merge_spec(work, "sft", unmerged)
        assert spec.output_dir.parent == work.result_folder
        assert spec.facts.parent != work.result_folder
    assert (spec.base_model, spec.adapter.path, spec.trust_remote_code) == (
        store.path(base), store.path(adapter), False,
    )  # fmt: skip
    assert spec.adapter.application == "merged"


def test_what_the_merging_job_measured_stands_in_the_manifest(store: Store, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text('{"adapter_effect": 0.9999}')
    with workspace(store, RELEASE) as work:
        collect_merge(work, tmp_path / "facts.json")
        assert work.details == {"adapter_effect": 0.9999}


def test_the_folder_holds_adapter_card_and_digests(store: Store, made: dict[str, Manifest]) -> None:
    with workspace(store, RELEASE, *made.values()) as work:
        work.result_folder.mkdir()
        finish_release(work, "sft")
        names = {path.name for path in Path(work.result_folder).iterdir()}
    assert names >= {"README.md", "adapter_model.safetensors", CHECKSUMS, "manifests"}
