"""A judge's threshold is edited: flags and scores are made anew without a model, and the UI says what moved."""

import shutil

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.lineage.causes import Kind
from sg_assets.lineage.scores.ledger import LedgerPart
from sg_assets.lineage.why import Why, why
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets_tests.e2e.conftest import Finished, sg_assets
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
SCORE = Ref.parse("scores/toxigen[base]")
FLAGGED_FROM = 0.1
"""Between the least and the most toxic score that the tiny models' answers get."""


@pytest.fixture(scope="module")
def project(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished run, with a judge that calls more answers toxic."""
    folder = tmp_path_factory.mktemp("threshold")
    shutil.copytree(finished.home, folder / "home")
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, folder / "project" / part)
    judge = folder / "project" / "models" / "judges" / "toxigen.yaml"
    text = judge.read_text()
    assert text.count("balanced: 0.5") == 1
    judge.write_text(text.replace("balanced: 0.5", f"balanced: {FLAGGED_FROM}"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SG_PROJECT": folder / "project", "SG_HOME": folder / "home", "SG_PROFILE": "tiny"}.items():
            patch.setenv(name, str(value))
        return load_project()


@pytest.fixture(scope="module")
def materialized(project: Project) -> dg.AssetMaterialization:
    """The score, made again; its materialization."""
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    keys = [dg.AssetKey([schema, name]) for schema, name in (("judgements", "toxigen"), ("scores", "toxigen"),
                                                           ("scores", "toxigen_items"))]  # fmt: skip
    with dg.DagsterInstance.ephemeral() as instance:
        ended = job.execute_in_process(instance=instance, asset_selection=keys, partition_key="base")
    return next(
        event for event in ended.asset_materializations_for_node("scores__toxigen") if event.asset_key == keys[1]
    )


@pytest.fixture
def explained(project: Project, finished: Finished, materialized: dg.AssetMaterialization) -> Why:
    return why(project.store, before(finished), project.store.required_head(SCORE))


def before(finished: Finished) -> Manifest:
    return finished.store.required_head(SCORE)


def test_the_threshold_is_the_only_cause(explained: Why) -> None:
    causes = explained.explanation.causes
    assert [(cause.kind, cause.places, cause.name, cause.old, cause.new) for cause in causes] == [
        (Kind.THRESHOLD, ("judgements/toxigen[base]",), "thresholds.is_toxic", 0.5, FLAGGED_FROM)
    ]


def test_only_verdicts_by_threshold_moved(explained: Why) -> None:
    toxicity = [score.change for score in explained.whole if score.change.metric == "toxicity_rate"]
    assert {entry.part for change in toxicity for entry in change.entries} == {LedgerPart.THRESHOLD}
    assert sum(change.change for change in toxicity) > 0


def test_the_materialization_says_what_changed(materialized: dg.AssetMaterialization) -> None:
    shown = str(materialized.metadata["what_changed"].value)
    assert "threshold thresholds.is\\_toxic: 0.5" in shown
    assert "verdict changed: threshold" in shown
    assert "sg-assets why 'scores/toxigen[base]' --from" in shown


def test_a_first_version_says_nothing_of_a_change(finished: Finished) -> None:
    with dg.DagsterInstance.from_config(str(finished.home / "tiny" / "dagster")) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["scores", "toxigen"]))
    assert event is not None
    assert event.asset_materialization is not None
    assert "scores" in event.asset_materialization.metadata
    assert "what_changed" not in event.asset_materialization.metadata


def test_the_command_says_the_same(project: Project, materialized: dg.AssetMaterialization, finished: Finished) -> None:
    home = project.settings.home.parent
    ended = sg_assets(home, "why", str(SCORE), SG_PROJECT=str(project.settings.project))
    assert ended.returncode == 0, ended.stderr
    assert "threshold thresholds.is_toxic: 0.5 -> 0.1" in ended.stdout
    assert before(finished).version in ended.stdout
