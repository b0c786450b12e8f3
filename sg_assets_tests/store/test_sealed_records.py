"""A record shows when any byte of it has changed."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.errors import DamagedStoreError
from sg_assets.store.manifests import HeadEntry
from sg_assets.store.sealed_records import is_sealed, read_record, sealed, unsealed
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


@given(st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.none())), st.sampled_from([None, 1]))
def test_a_sealed_record_is_json_and_reads_as_it_was(record: dict[str, object], indent: int | None) -> None:
    text = json.dumps(record | {"a": 1}, indent=indent)
    data = sealed(text).encode()
    assert is_sealed(data)
    assert unsealed(data, "here") == text.encode()
    assert {name: value for name, value in json.loads(data).items() if name != "sha256"} == json.loads(text)


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_bit_anywhere_is_an_error_or_no_record(tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)
    entry: dict[str, object] = {
        "action": "publish",
        "version": "v",
        "replaces": None,
        "stale_inputs": [],
        "run_id": None,
        "note": "why",
    }
    data = bytearray(sealed(json.dumps(entry | {"at": "2026-01-01T00:00:00Z"})).encode())
    for _ in range(20):
        flipped = bytearray(data)
        flipped[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        with pytest.raises((DamagedStoreError, ValueError)):
            HeadEntry.model_validate_json(unsealed(bytes(flipped), "here"))


def test_a_record_of_the_time_before_seals_is_read_as_it_is() -> None:
    assert unsealed(b'{"a": 1}', "here") == b'{"a": 1}'
    assert not is_sealed(b'{"a": 1}')


def test_a_record_that_is_a_folder_is_damaged_and_a_missing_one_missing(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    name = f"manifests/{made.ref.folder}/{made.version}.json"
    path = store.home / name
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read_record(store.files, name)
    path.mkdir()
    with pytest.raises(DamagedStoreError, match=r"cannot be read\. Is a directory\. Run `sg-assets repair`"):
        read_record(store.files, name)
