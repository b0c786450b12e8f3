"""What is damaged is named and mended, and nothing goes back silently."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.errors import DamagedStoreError, SgAssetsError
from sg_assets.store.catalogue import rebuild
from sg_assets.store.refs import Ref
from sg_assets.store.repair import Mending, make_current, repair
from sg_assets.store.store import Store
from sg_assets_tests.store.harm import HARMS, flip_bit, truncate, vanish, zero
from sg_assets_tests.store.harmed_store import (
    PARTS,
    SQL,
    build,
    by_sql,
    chosen_files,
    fingerprints,
    finished_store,
    named_damages,
    stored_files,
)  # fmt: skip
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing
from sg_assets_tests.store.test_marks import mark

TABLE = Ref.parse("raw/t")


def opened(store: Store) -> Store:
    """The store as another process opens it to look at its damage."""
    return Store(store.root, "demo", with_identity=False)


def mend(store: Store) -> list[Mending]:
    return list(repair(opened(store), code_texts=lambda: by_sql().code_texts))


def is_named(name: str, named: list[str]) -> bool:
    return any(name == one_name or name.startswith(f"{one_name}/") for one_name in named)


def mended_by_repair_or_build(store: Store, name: str, harm: Callable[[Path, random.Random], None], seed: int) -> None:
    """Harm a file; it must be named, mended, and the store be as before."""
    before = fingerprints(store)
    harm(store.home / name, random.Random(seed))
    assert is_named(name, named_damages(opened(store))), name
    mend(store)
    store = Store(store.root, "demo")
    build(store, f"after-{seed}")
    assert named_damages(opened(store)) == [], name
    assert fingerprints(Store(store.root, "demo")) == before


@pytest.mark.slow
def test_harm_to_a_file_of_every_part_is_named_and_mended(tmp_path: Path) -> None:
    store = finished_store(tmp_path)
    for seed, name in enumerate(chosen_files(store, 12, seed=0)):
        mended_by_repair_or_build(store, name, flip_bit, seed)


def test_a_copy_that_became_a_folder_is_named_and_written_anew(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    rebuild(store)
    [name] = store.files.glob("heads/raw/t/*/*")
    HARMS["folder"](store.home / "copies" / name, random.Random(0))
    assert named_damages(opened(store)) == [f"copies/{name}"]
    mend(store)
    assert named_damages(opened(store)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in HARMS if kind != "flipped"])
def test_each_kind_of_harm_is_named_and_mended(tmp_path: Path, kind: str) -> None:
    store = finished_store(tmp_path)
    for seed, name in enumerate(chosen_files(store, len(PARTS), seed=1)[list(HARMS).index(kind) - 1 :: 4]):
        if kind == "removed" and name.startswith(("runs/", "copies/")):
            continue  # a run that ended needs no note, and what has no copy any more gets one by the next repair
        mended_by_repair_or_build(store, name, HARMS[kind], seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_fifty_flipped_bits_are_named_and_mended(tmp_path: Path, seed: int) -> None:
    store = finished_store(tmp_path)
    chosen = random.Random(seed)
    for number in range(50):
        name = chosen.choice(stored_files(store))  # of those that are there now
        mended_by_repair_or_build(store, name, flip_bit, 100 * seed + number)


def without_copies(store: Store) -> Store:
    """As a store that was written before there were copies."""
    vanish(store.home / "copies", random.Random(0))
    return store


def last_head(store: Store, ref: Ref = TABLE) -> Path:
    return store.home / store.heads.names_of(ref)[-1]


@pytest.mark.slow
def test_a_lost_head_without_a_copy_is_left_to_a_person_and_does_not_go_back(tmp_path: Path) -> None:
    store = without_copies(finished_store(tmp_path))
    current = store.required_head(TABLE)
    zero(last_head(store), random.Random(0))
    [mending] = [mending for mending in mend(store) if mending.ref == TABLE]
    assert not mending.is_mended
    assert f"sg-assets repair 'raw/t' --version {current.version} --why" in mending.result
    assert opened(store).readable_head(TABLE) is None
    made = make_current(opened(store), TABLE, current.version, "it was")
    entry = opened(store).heads.last(TABLE)
    assert entry is not None
    assert (made, entry.action, entry.note, entry.by is not None) == (current, "repair", "it was", True)
    assert named_damages(opened(store)) == []


@pytest.mark.slow
def test_a_damaged_head_that_still_names_its_version_is_written_again_for_it(tmp_path: Path) -> None:
    store = without_copies(finished_store(tmp_path))
    before, path = store.required_head(TABLE), last_head(store)
    path.write_bytes(path.read_bytes().replace(b'"publish"', b'"bublish"'))
    [mending] = [mending for mending in mend(store) if mending.ref == TABLE]
    assert mending.changed_head
    assert Store(store.root, "demo").required_head(TABLE) == before


@pytest.mark.slow
def test_a_version_is_made_current_by_hand_only_where_nothing_says_what_was(tmp_path: Path) -> None:
    store = finished_store(tmp_path)
    old = store.versions(TABLE)[0]
    with pytest.raises(SgAssetsError, match="what is current is known"):
        make_current(store, TABLE, old.version, "why not")
    truncate(last_head(store), random.Random(0))
    (store.home / old.object).unlink()
    with pytest.raises(SgAssetsError, match=r"the content of .* is gone"):
        make_current(opened(store), TABLE, old.version, "why not")


@pytest.mark.slow
def test_a_lost_manifest_without_a_copy_is_made_again(tmp_path: Path) -> None:
    store = without_copies(finished_store(tmp_path))
    head, before = store.required_head(TABLE), fingerprints(store)
    truncate(store.home / f"manifests/{TABLE.folder}/{head.version}.json", random.Random(0))
    with pytest.raises(DamagedStoreError):
        opened(store).head(TABLE)
    [mending] = [mending for mending in mend(store) if mending.name.startswith("manifests")]
    assert mending.to_make == (TABLE,)
    again = Store(store.root, "demo")
    build(again, "after")
    assert fingerprints(again) == before
    assert again.required_head(TABLE).version != head.version


@pytest.mark.slow
def test_a_lost_mark_without_a_copy_ends_the_acceptances_it_may_have_undone(tmp_path: Path) -> None:
    store = without_copies(finished_store(tmp_path))
    head = store.required_head(TABLE)
    [accepted] = store.marks_of(TABLE)
    from sg_assets_tests.store.test_marks import mark

    name = store.marks.append(TABLE, mark("undone", head.version, undoes=accepted.name))
    zero(store.home / f"marks/{TABLE.folder}/{name}.json", random.Random(0))
    mend(store)
    assert Store(store.root, "demo").acceptances(head) == ()


@pytest.mark.slow
def test_stored_code_is_written_anew_from_the_code_of_today(tmp_path: Path) -> None:
    store = without_copies(finished_store(tmp_path))
    [name] = store.files.glob("code/*.txt")
    flip_bit(store.home / name, random.Random(0))
    mend(store)
    assert (store.home / name).read_text() == SQL


@pytest.mark.slow
def test_records_of_a_time_before_copies_get_one(tmp_path: Path) -> None:
    store = finished_store(tmp_path)
    copies = store.files.copies()
    without_copies(store)
    mend(store)
    assert store.files.copies() == copies


@pytest.mark.slow
@pytest.mark.parametrize("is_copy", [False, True])
def test_the_copy_of_an_unsealed_record_says_which_of_the_two_is_right(tmp_path: Path, is_copy: bool) -> None:
    store = finished_store(tmp_path)
    name = store.heads.names_of(TABLE)[-1]
    unsealed = (store.home / name).read_text().partition(',"sha256"')[0] + "}"
    (store.home / name).write_text(unsealed)
    without_copies(store)
    mend(store)
    harmed = store.home / "copies" / name if is_copy else store.home / name
    harmed.write_text(harmed.read_text().replace('"second"', '"fecond"'))
    assert named_damages(opened(store)) == [f"copies/{name}" if is_copy else name]
    mend(store)
    assert named_damages(opened(store)) == []
    entry = opened(store).heads.last(TABLE)
    assert entry is not None
    assert entry.run_id == "second"


@pytest.mark.parametrize("section", ["manifests", "marks"])
def test_a_record_that_is_damaged_with_its_copy_is_named_once(tmp_path: Path, section: str) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    store.marks.append(TABLE, mark("pruned", made.version))
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1))
    [name, *_] = store.files.glob(f"{section}/raw/t/*/*.json")
    for path in (store.home / name, store.home / "copies" / name):
        flip_bit(path, random.Random(0))
    assert name in [mending.name for mending in mend(store)]
    assert named_damages(opened(store)) == []
    assert mend(store) == []
