"""Manifests of the format before are read as they would be written now; those of unknown formats are refused."""

import json
from typing import Any

import pytest

from sg_assets.errors import DamagedStoreError, SgAssetsError
from sg_assets.store.format_upgrades import read_manifest, upgraded
from sg_assets.store.manifests import FORMAT
from sg_assets_tests.store.before import BEFORE

STORED = next((BEFORE / "manifests/adapters/u/sft").glob("*.json"))


def test_a_stored_manifest_of_format_2_is_read_with_all_it_says() -> None:
    text = STORED.read_text(encoding="utf-8")
    manifest = read_manifest(text.encode(), "here")
    plain = manifest.model_dump(mode="json")
    assert {name: plain[name] for name in json.loads(text) if name not in ("format", "code")} == {
        name: value for name, value in json.loads(text).items() if name not in ("format", "code")
    }
    assert plain["code"] == {**json.loads(text)["code"], "definitions": None, "listing": None, "python": None}


def test_what_format_2_did_not_record_is_not_made_up() -> None:
    manifest = read_manifest(STORED.read_bytes(), "here")
    assert manifest.format == FORMAT == 3
    assert (manifest.made_by, manifest.machines, manifest.spend, manifest.origin, manifest.accepted_as) == (
        None, (), None, None, (),
    )  # fmt: skip


def test_upgrading_leaves_what_it_is_given_as_it_is() -> None:
    record = {"format": 2, "asset": "raw/t"}
    assert upgraded(record) == {"format": 3, "asset": "raw/t"}
    assert record["format"] == 2


@pytest.mark.parametrize("written", [1, 4, "2", None, True])
def test_an_unknown_format_is_refused(written: Any) -> None:
    with pytest.raises(SgAssetsError, match=f"of format {written} is not read, only of 2 and 3"):
        upgraded({"format": written})


@pytest.mark.parametrize("data", [b"[]", b"{", b"\xff", b'{"format": 3}', b'{"format": 1}'])
def test_a_record_that_is_no_manifest_is_told_with_its_place(data: bytes) -> None:
    with pytest.raises(DamagedStoreError, match=r"^there: the manifest cannot be read"):
        read_manifest(data, "there")
