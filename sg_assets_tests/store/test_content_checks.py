"""Content is compared with its record before anything reads it."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sg_assets.errors import ContentMissingError, DamagedContentError
from sg_assets.store import content_checks
from sg_assets.store.backends import interface
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.harm import HARMS, flip_bit, vanish
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, workspace, writing


def make_folder(space: Workspace) -> None:
    (space.result_folder / "inner").mkdir(parents=True)
    for name in ("a", "inner/b"):
        (space.result_folder / name).write_text(f"weights of {name}")


@pytest.fixture
def table(store: Store) -> Manifest:
    return step(store, "raw/t", writing(ROWS)).manifest


@pytest.fixture
def folder(store: Store) -> Manifest:
    return step(store, "models/m", make_folder, made_by=recipe(key=())).manifest


def damage(store: Store, manifest: Manifest, file: str = ".") -> None:
    """Flip a byte of a stored file, and of no copy."""
    path = store.root / manifest.object / file if file != "." else store.root / manifest.object
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_whole_content_is_handed_out(store: Store, table: Manifest, folder: Manifest) -> None:
    assert store.path(table).is_file()
    assert (store.path(folder) / "inner/b").read_text() == "weights of inner/b"


def test_a_damaged_copy_of_remote_content_is_fetched_again(tmp_path: Path) -> None:
    from upath import UPath

    remote = Store(UPath(f"memory://{tmp_path.name}/copies"), "demo", tmp_path / "home")
    made = step(remote, "raw/t", writing(ROWS)).manifest
    flip_bit(remote.files.local(made.object), random.Random(0))
    assert remote.checks.require(made).read_bytes() == (remote.root / made.object).read_bytes()
    damage(remote, made)
    remote.files.fetch_again(made.object)
    with pytest.raises(DamagedContentError):
        remote.path(made)
    assert not remote.has_content(made)


@pytest.mark.parametrize("kind", HARMS)
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))])
def test_damaged_content_is_never_handed_out(tmp_path: Path, kind: str, seed: int) -> None:
    store = new_store(tmp_path)
    made = step(store, "models/m", make_folder, made_by=recipe(key=())).manifest
    chosen = random.Random(seed)
    store.path(made)
    HARMS[kind](store.home / made.object / chosen.choice(sorted(made.files)), chosen)
    with pytest.raises(DamagedContentError, match=r"models/m: the content of .* is damaged, and is not read"):
        store.path(made)
    assert not store.has_content(made)
    assert not Store(store.root, "demo").has_content(made)


@pytest.mark.slow
@pytest.mark.parametrize("kind", HARMS)
def test_a_damaged_table_is_never_handed_out(tmp_path: Path, kind: str) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    HARMS[kind](store.home / made.object, random.Random(1))
    lost = ContentMissingError if kind in ("removed", "folder") else DamagedContentError
    with pytest.raises(lost, match=r"sg-assets run 'raw/t'"), workspace(store, "raw/u", made) as space:
        space.table("raw/t")


def test_a_step_reads_no_damaged_table_in_sql(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    flip_bit(store.home / made.object, random.Random(1))
    with pytest.raises(DamagedContentError):
        step(store, "raw/u", lambda space: space.write_query("SELECT id FROM raw.t", {}), ["raw/t"])


def test_a_file_too_many_is_a_difference(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "models/m", make_folder, made_by=recipe(key=())).manifest
    (store.home / made.object / "extra").touch()
    assert store.checks.differences(made) == ("file 'extra' is not one of its files",)


def test_a_file_that_may_not_be_read_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest

    def refuse(_: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(content_checks, "sha256_of", refuse)
    with pytest.raises(DamagedContentError, match=r"The file cannot be read \(Permission denied\)"):
        store.path(made)


def counted_digests(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    read: list[Path] = []

    def digest(path: Path) -> str:
        read.append(path)
        return interface.sha256_of(path)

    monkeypatch.setattr(content_checks, "sha256_of", digest)
    return read


def test_a_state_is_known_without_reading_until_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    read = counted_digests(monkeypatch)
    assert Store(store.root, "demo").has_content(made)
    assert read == []
    flip_bit(store.home / made.object, random.Random(2))
    assert not Store(store.root, "demo").has_content(made)
    assert not Store(store.root, "demo").has_content(made)
    assert len(read) == 1


def test_small_content_is_digested_at_each_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    read = counted_digests(monkeypatch)
    store.path(made)
    store.path(made)
    assert len(read) == 2


def test_large_content_is_digested_again_after_days_or_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path)
    made = step(store, "models/m", make_folder, made_by=recipe(key=())).manifest
    monkeypatch.setattr(content_checks, "DIGESTED_AT_EACH_READ", 10)
    monkeypatch.setattr(content_checks, "REMEMBERED_AGAIN", timedelta(0))
    read = counted_digests(monkeypatch)
    store.path(made)
    assert read == []
    monkeypatch.setattr(content_checks, "DIGESTED_AGAIN", timedelta(0))
    store.path(made)
    assert len(read) == 2
    monkeypatch.setattr(content_checks, "DIGESTED_AGAIN", timedelta(days=1))
    store.path(made)
    assert len(read) == 2
    flip_bit(store.home / made.object / "a", random.Random(0))
    with pytest.raises(DamagedContentError, match="bytes of file 'a' differ"):
        store.path(made)


def test_the_last_time_that_content_was_whole_is_kept(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    before = store.checks.last(made.object)
    assert before is not None
    assert before.whole_at is not None
    flip_bit(store.home / made.object, random.Random(0))
    assert not store.has_content(made)
    after = store.checks.last(made.object)
    assert after is not None
    assert (after.whole_at, after.differences) == (before.whole_at, ("the file's bytes differ",))
    assert after.at <= datetime.now(UTC)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"identities": 3}', "\x00"])
def test_a_memory_that_cannot_be_read_costs_a_digest(tmp_path: Path, text: str) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    (memory,) = (store.home / "checks").rglob("*.json")
    memory.write_text(text)
    assert store.checks.last(made.object) is None
    assert store.has_content(made)
    assert store.checks.last(made.object) is not None


def test_content_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    vanish(store.home / made.object, random.Random(0))
    assert store.checks.loss(made) == "gone"
    with pytest.raises(ContentMissingError, match="is gone"):
        store.path(made)
