"""A score in quarantine has its ledger: numbers are wanted when somebody decides whether to publish it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.scores.ledger import LedgerPart
from sg_assets.lineage.scores.significance import ChangeVerdict
from sg_assets.lineage.version_pair import version_pair
from sg_assets.lineage.why import Why, why
from sg_assets.orchestration.checks.contracts import check_results
from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.score_metadata import quarantined_score
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.quarantine import QuarantinedError, release
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, Recipe, run_step
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

SCORE, ITEMS = Ref.parse("scores/sg_safety[sft_r128]"), Ref.parse("scores/sg_safety_items[sft_r128]")
STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})
REFUSED = Contract(("metric", "slice"), checks=(Check("never", "Nothing is good enough.", "count(*) < 0"),))
KEY = Contract(("metric", "slice", "item_id"))


def refuse(store: Store, world: World = STRICTER) -> QuarantinedError:
    """Judge the answers again by other thresholds; the score that follows fails its audit."""
    world.build_until_judgements(store, "stricter")
    recipe = Recipe(Code(fingerprint="refused", texts={}), {}, {"at": len(world.thresholds)}, contract=REFUSED)
    with pytest.raises(QuarantinedError) as caught:
        run_step(store, SCORE, [Ref.parse("judgements/sg_safety[sft_r128]")], recipe, world.score,
                 extra_outputs=[Output(ITEMS, KEY)], run_id="refused", log=lambda _: None)  # fmt: skip
    return caught.value


def explained(store: Store, **named: object) -> Why:
    return why(store, *version_pair(store, SCORE, **named))  # type: ignore[arg-type]


def test_the_latest_candidate_is_compared_item_by_item(store: Store, before: Manifest) -> None:
    candidate = refuse(store).candidate
    comparison = explained(store, quarantined=True)
    assert (comparison.explanation.before.version, comparison.explanation.after.version) == (
        before.version, candidate.version,
    )  # fmt: skip
    [toxicity] = [score for score in comparison.whole if score.change.metric == "toxicity_rate"]
    assert [entry.part for entry in toxicity.change.entries] == [LedgerPart.THRESHOLD]
    assert toxicity.significance.verdict is ChangeVerdict.MOVED
    assert comparison.lost == ()


@pytest.mark.slow
def test_before_and_after_its_release_the_numbers_are_equal(store: Store, before: Manifest) -> None:
    candidate = refuse(store).candidate
    waiting = explained(store, last=candidate.version)
    release(store, candidate.version)
    released = explained(Store(store.root, "demo"))
    assert [score.change for score in waiting.scores] == [score.change for score in released.scores]
    assert waiting.explanation.causes == released.explanation.causes


def test_without_a_candidate_or_a_published_version_the_error_says_which(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"no version of scores/sg_safety\[sft_r128\] is in quarantine"):
        version_pair(store, SCORE, quarantined=True)
    fresh = Store(tmp_path / "fresh", "demo")
    candidate = refuse(fresh, World()).candidate
    with pytest.raises(
        SgAssetsError, match=rf"no version of .* is published.*1 version in quarantine: {candidate.version}"
    ):
        version_pair(fresh, SCORE)
    with pytest.raises(SgAssetsError, match=r"No earlier version is published to compare it with.*--against"):
        version_pair(fresh, SCORE, quarantined=True)


@pytest.mark.slow
def test_the_command_takes_the_option_or_the_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    store = Store(tmp_path / "home" / "demo" / "store", "demo")
    World().build(store, "1")
    candidate = refuse(store).candidate
    for arguments in ([str(SCORE), "--quarantined"], [candidate.version], [str(SCORE), "--to", candidate.version]):
        result = CliRunner().invoke(app, ["why", *arguments], catch_exceptions=False)
        assert "verdict changed: threshold" in result.output
        assert candidate.version in result.output
    with pytest.raises(SgAssetsError, match="--quarantined and --to both name the version"):
        CliRunner().invoke(app, ["why", str(SCORE), "--quarantined", "--to", candidate.version], catch_exceptions=False)


@pytest.mark.slow
def test_the_failed_check_shows_scores_and_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    project = load_project()
    World().build(project.store, "1")
    error = refuse(project.store)
    shown = quarantined_score(project, error)
    assert "thresholds.is\\_toxic: 0.5 -\\> 0.3" in str(shown["what_changed"].value).replace("->", "-\\>")
    assert "verdict changed: threshold" in str(shown["what_changed"].value)
    assert f"--to {error.candidate.version}" in str(shown["what_changed"].value)
    assert "| toxicity_rate | unsafe |" in str(shown["scores"].value)
    results = {result.check_name: result for result in check_results(str(SCORE.asset), error.audit, failed=shown)}
    assert "what_changed" in results["never"].metadata
    assert "what_changed" not in results["key"].metadata


@pytest.mark.slow
def test_the_failed_check_of_a_first_version_shows_its_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    project = load_project()
    shown = quarantined_score(project, refuse(project.store, World()))
    assert shown["what_changed"].value == "no version is published to compare it with"
    assert "toxicity_rate" in str(shown["scores"].value)
