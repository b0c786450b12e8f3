"""Every damaged record is named, with what mends it; what is intact is not."""

import random
from pathlib import Path

import pytest

from sg_assets.store.record_checks import damaged_records, problem_of
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.harm import flip_bit, vanish
from sg_assets_tests.store.harmed_store import finished_store
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


def test_an_intact_store_has_no_damaged_records(tmp_path: Path) -> None:
    assert damaged_records(finished_store(tmp_path)) == []


def test_the_records_of_a_partition_are_checked_alone(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    for name in ("raw/t", "raw/u"):
        step(store, name, writing(ROWS))
        flip_bit(store.home / store.heads.names_of(Ref.parse(name))[-1], random.Random(0))
    (store.home / "store.json").write_text("{}")
    [head] = damaged_records(store, [Ref.parse("raw/u")])
    assert (head.section, head.ref, head.has_copy) == ("heads", Ref.parse("raw/u"), True)
    assert head.remedy == "`sg-assets repair` restores it from its copy"
    assert {record.section for record in damaged_records(store)} == {"heads", "identity"}


def test_a_record_under_the_name_of_another_is_damaged(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    folder = store.home / "manifests" / made.ref.folder
    other = f"{made.version[:-1]}{'0' if made.version[-1] != '0' else '1'}"
    (folder / f"{other}.json").write_bytes((folder / f"{made.version}.json").read_bytes())
    assert problem_of(store, f"manifests/{made.ref.folder}/{other}.json") == "it is the record of another version"


def test_a_note_of_a_run_that_names_no_version_is_damaged(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    [note] = store.files.glob("runs/*/*")
    (store.home / note).write_text("01M8PGF2QFYW1TGAZQ1RS33DR6-91e068a4")
    assert [record.name for record in damaged_records(store) if record.section == "runs"] == [note]


@pytest.mark.parametrize("section", ["manifests", "heads"])
def test_a_record_that_is_gone_and_has_a_copy_is_named(tmp_path: Path, section: str) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    [name] = store.files.glob(f"{section}/raw/t/*/*")
    vanish(store.home / name, random.Random(0))
    missing = next(record for record in damaged_records(store) if record.name == name)
    assert (missing.problem, missing.has_copy) == ("it is missing", True)


def test_an_unsealed_record_that_differs_from_its_copy_is_named(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    [name] = store.files.glob("heads/raw/t/*/*")
    unsealed = (store.home / name).read_text().partition(',"sha256"')[0] + "}"
    store.files.write_copy(name, unsealed.encode())
    (store.home / name).write_text(unsealed.replace('"publish"', '"revert"'))
    [record] = [record for record in damaged_records(store) if record.section == "heads"]
    assert record.problem == "its bytes are not those of its copy"


@pytest.mark.parametrize("harm", ["missing", "torn"])
def test_a_store_without_its_identity_is_not_taken_for_a_new_one(tmp_path: Path, harm: str) -> None:
    from sg_assets.errors import DamagedStoreError

    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    if harm == "missing":
        (store.home / "store.json").unlink()
    else:
        (store.home / "store.json").write_text('{"format": 3, "profile": "dem')
    with pytest.raises(DamagedStoreError, match="sg-assets repair"):
        Store(store.root, "demo")
