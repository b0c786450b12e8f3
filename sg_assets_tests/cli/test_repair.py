"""`verify` names what is damaged, `repair` mends it, `run` makes the rest, and `status` shows it meanwhile."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.generation.test_kept_outputs import store_answers
from sg_assets_tests.store.harm import flip_bit, zero
from sg_assets_tests.store.steps import ROWS, step, writing

COMMENTS = Ref.parse("raw/forum_comments")


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """As a command has it."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    return Store(tmp_path / "tiny" / "store", "tiny")


def output(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def test_a_damaged_record_is_named_and_restored(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    name = store.heads.names_of(Ref.parse("raw/t"))[-1]
    written = (store.home / name).read_bytes()
    flip_bit(store.home / name, random.Random(0))
    said = output("verify", exit_code=1)
    assert name in said
    assert "restores it from its copy" in said
    assert f"{name}: restored from its copy" in output("repair", "--no-make")
    assert (store.home / name).read_bytes() == written
    assert "0 differences" in output("verify")


def test_nothing_damaged_is_said_to_be_nothing(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    assert output("repair", "--no-make") == "Nothing is damaged.\n"


def test_permissions_of_older_files_are_tightened(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    (store.home / "store.json").chmod(0o644)
    assert "Permissions tightened, of files and folders: " in output("repair", "--no-make")
    assert {path.stat().st_mode & 0o077 for path in store.home.rglob("*")} == {0}


@pytest.mark.slow
def test_damaged_answers_are_named_and_set_aside(store: Store, tmp_path: Path) -> None:
    segment = store_answers(tmp_path / "tiny")
    flip_bit(segment, random.Random(0))
    name = segment.relative_to(tmp_path / "tiny").as_posix()
    said = output("verify", exit_code=1)
    assert f"{name}: its bytes are not those that were written" in said
    assert "1 other damaged file" in said
    mended = f"{name}: its bytes are not those that were written; set aside as damaged/"
    assert output("repair", "--no-make").count(mended) == 1
    assert "0 differences" in output("verify")


@pytest.mark.slow
def test_damaged_records_of_dagster_are_named_with_their_own_command(store: Store, tmp_path: Path) -> None:
    records = tmp_path / "tiny" / "dagster" / "history" / "runs.db"
    records.parent.mkdir(parents=True)
    records.write_bytes(bytes(5000))
    for command in (["verify"], ["repair", "--no-make"]):
        said = " ".join(output(*command, exit_code=1).split())
        assert "history/runs.db" in said
        assert "`sg-assets repair-runs` mends it" in said


def test_content_that_is_not_declared_is_set_aside_and_not_made_again(store: Store) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    flip_bit(store.home / made.object, random.Random(0))
    assert "sg-assets backfill 'raw/t'" in output("repair", exit_code=1)
    assert list((store.home / "damaged" / made.object).iterdir()) != []


@pytest.mark.parametrize("arguments", [[], ["raw/t"], ["raw/t", "--why", " "]])
def test_a_version_is_made_current_with_a_reason_only(store: Store, arguments: list[str]) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    with pytest.raises(SgAssetsError, match=r"Write `sg-assets repair '<schema/table\[partition\]>' --version"):
        output("repair", *arguments, "--version", made.version)


@pytest.mark.slow
def test_a_head_of_which_nothing_is_left_is_written_by_hand_and_alerted(store: Store) -> None:
    made = step(store, "raw/forum_comments", writing(ROWS)).manifest
    name = store.heads.names_of(COMMENTS)[-1]
    zero(store.home / name, random.Random(0))
    (store.home / "copies" / name).unlink()
    said = output("repair", "--no-make", exit_code=1)
    assert f"sg-assets repair 'raw/forum_comments' --version {made.version} --why <reason>" in said
    output("repair", str(COMMENTS), "--version", made.version, "--why", "it was current")
    entry = store.heads.last(COMMENTS)
    assert entry is not None
    assert (entry.action, entry.note) == ("repair", "it was current")
    assert "raw/forum_comments" in output("alerts", "--format", "json")


@pytest.mark.slow
def test_one_torn_manifest_does_not_hide_the_status_of_all_others(store: Store) -> None:
    made = step(store, "raw/forum_comments", writing(ROWS)).manifest
    (store.home / f"manifests/{COMMENTS.folder}/{made.version}.json").write_text('{"format": 3')
    said = output("status", "--format", "json")
    assert '"state": "damaged"' in said
    assert '"partition": "reports/results"' in said


@pytest.mark.slow
def test_cheap_content_is_made_again_and_none_of_the_damage_is_used(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump/comments.csv").write_text("text\nwah this hawker so nice\ncan lah no problem\n")
    monkeypatch.setenv("SG_RAW", str(tmp_path / "dump"))
    output("run", "raw/forum_comments")
    head = store.required_head(COMMENTS)
    flip_bit(store.home / head.object, random.Random(5))
    assert "damaged" in output("status", "raw/forum_comments")
    said = output("repair")
    assert f"{head.object}: damaged and set aside" in said
    assert Store(store.root, "tiny").path(Store(store.root, "tiny").required_head(COMMENTS)).is_file()
    output("verify")
