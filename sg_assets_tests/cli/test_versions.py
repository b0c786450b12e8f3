"""Commands on versions, on a small store."""

import json
import os
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, recipe, step, writing
from sg_assets_tests.store.test_marks import accepted

pytestmark = pytest.mark.slow


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return Store(tmp_path / "demo" / "store", "demo")


@pytest.fixture
def made(store: Store) -> list[Manifest]:
    first = step(store, "raw/t", writing(ROWS), run_id="1").manifest
    second = step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2").manifest
    scored = step(store, "scores/s[base]", writing(ROWS), ["raw/t"], run_id="3").manifest
    return [first, second, scored]


@pytest.fixture
def candidate(made: list[Manifest], store: Store) -> Manifest:
    """A version of ``raw/t`` in quarantine."""
    with pytest.raises(QuarantinedError) as caught:
        step(store, "raw/t", writing(ROWS.head(2)), made_by=at_most(1, seed=2), run_id="4")
    return caught.value.candidate


def output(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == exit_code
    return result.output


def current_in_catalogue(store: Store) -> list[object]:
    with duckdb.connect(str(store.root / "registry.duckdb"), read_only=True) as reader:
        rows = reader.execute("SELECT version FROM versions WHERE is_current AND asset = 'raw/t'").fetchall()
    return [version for (version,) in rows]


def test_versions_are_listed_newest_first_with_the_current_one_marked(made: list[Manifest]) -> None:
    lines = [line.split() for line in output("versions", "raw/t").splitlines()[1:]]
    assert [line[:2] for line in lines] == [["*", made[1].version], [made[0].version, lines[1][1]]]


def test_a_version_id_is_never_cut(made: list[Manifest]) -> None:
    assert made[0].version in output("versions", "raw/t")


def test_an_asset_without_partition_lists_all_of_them(made: list[Manifest]) -> None:
    assert made[2].version in output("versions", "scores/s")
    assert made[2].version in output("versions", "scores/s[base]")


def test_an_unknown_asset_names_the_nearest(made: list[Manifest]) -> None:
    with pytest.raises(SgAssetsError, match=r"scores/t has no version\. Did you mean 'scores/s'"):
        output("versions", "scores/t")


def test_a_version_shows_what_it_was_made_from(made: list[Manifest]) -> None:
    assert Manifest.model_validate_json(output("show", made[2].version)) == made[2]


def test_marks_of_a_version_are_listed_and_shown(made: list[Manifest], store: Store) -> None:
    store.marks.append(made[1].ref, accepted(made[1], recipe("new")))
    marked, plain = output("versions", "raw/t").splitlines()[1:3]
    assert "accepted" in marked
    assert "accepted" not in plain
    [shown] = json.loads(output("show", made[1].version))["marks"]
    assert (shown["mark"]["kind"], shown["mark"]["why"]) == ("accepted", "renamed")


@pytest.mark.parametrize("version", ["nope", "../../etc/passwd", "*"])
def test_an_unknown_version_says_how_to_list_them(made: list[Manifest], version: str) -> None:
    with pytest.raises(SgAssetsError, match="sg-assets versions"):
        output("show", version)


@pytest.mark.parametrize(("options", "kept"), [((), True), (("--delete",), False)])
def test_leftovers_are_removed_only_when_asked(
    made: list[Manifest], tmp_path: Path, options: tuple[str], kept: bool
) -> None:
    stray = tmp_path / "demo" / "store" / "staging" / "stray"
    stray.write_text("12345")
    os.utime(stray, (0, 0))
    assert f"1 leftovers, 5 bytes: {'nothing' if kept else '1'} removed" in output("clean", *options)
    assert stray.exists() == kept


def test_a_quarantined_version_is_listed_as_such_and_shown(made: list[Manifest], candidate: Manifest) -> None:
    first, second = (line.split() for line in output("versions", "raw/t").splitlines()[1:3])
    assert first[:2] == ["quarantined", candidate.version]
    assert second[:2] == ["*", made[1].version]
    assert Manifest.model_validate_json(output("show", candidate.version)) == candidate


def test_publishing_releases_a_version_and_rebuilds_the_catalogue(candidate: Manifest, store: Store) -> None:
    assert output("publish", candidate.version, "--note", "looked at") == f"raw/t: {candidate.version} is current\n"
    assert store.head(candidate.ref) == candidate
    assert current_in_catalogue(store) == [candidate.version]
    assert store.heads.entries(candidate.ref)[-1].note == "looked at"


def test_reverting_makes_the_version_before_current_and_rebuilds_the_catalogue(
    made: list[Manifest], store: Store
) -> None:
    assert output("revert", "raw/t") == f"raw/t: {made[0].version} is current again\n"
    assert current_in_catalogue(store) == [made[0].version]
    output("revert", "raw/t", made[1].version, "--why", "better")
    entry = store.heads.entries(made[0].ref)[-1]
    assert (entry.note, entry.by) == ("better", this_maker())


def test_verifying_reads_every_content_once(made: list[Manifest], candidate: Manifest) -> None:
    assert output("verify") == "4 contents read, 0 differences\n"
    assert output("verify", "scores/s") == "1 content read, 0 differences\n"


def test_verifying_names_what_differs_and_ends_with_1(made: list[Manifest], store: Store) -> None:
    store.path(made[0]).unlink()
    assert output("verify", "raw/t", exit_code=1).splitlines() == [
        f"raw/t {made[0].version}: the content is missing",
        f"  Nothing reads it by default. To keep {made[0].version}, restore {made[0].object} from a backup.",
        "2 contents read, 1 difference",
    ]
