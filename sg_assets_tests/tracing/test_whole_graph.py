"""Every kind of step, traced: what its work enters is known, jobs included."""

import os
from pathlib import Path

import pytest

from sg_assets.code.exclusion_table import reason
from sg_assets.declarations import load_declarations
from sg_assets.declarations.graph import Graph
from sg_assets.ingest.toxigen import GROUPS
from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.step_closure import step_closure
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.declarations.graphs import build_graph
from sg_assets_tests.tracing.covering import Definition, never_entered, uncovered
from sg_assets_tests.tracing.every_kind import declare_every_kind
from sg_assets_tests.tracing.records import SAVED_VARIABLE, Traced, save, traced_run

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return declare_every_kind(tmp_path_factory.mktemp("declared"))


@pytest.fixture(scope="module")
def graph(project: Path) -> Graph:
    return build_graph(load_declarations(project, "tiny"), generated_comments=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("traced")


@pytest.fixture(scope="module")
def traced(project: Path, home: Path) -> Traced:
    """The whole graph, made from nothing."""
    traced = traced_run(home, SG_PROJECT=str(project))
    if SAVED_VARIABLE in os.environ:
        save(traced, Path(os.environ[SAVED_VARIABLE]))
    return traced


def test_every_asset_worked(traced: Traced, graph: Graph) -> None:
    assert never_entered((name for name, node in graph.nodes.items() if node.output_of is None), traced) == []


def test_every_kind_that_any_profile_declares_is_there(graph: Graph) -> None:
    larger = build_graph(load_declarations(project_of_larger(), "demo"), generated_comments=True)
    assert set(larger.nodes) <= set(graph.nodes)


def project_of_larger() -> Path:
    return Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("step", "module", "qualname"),
    [
        ("adapters/sft[sft_r128]", "sg_assets.training.guards", "require_moved"),
        (
            "adapters/sft[sft_r128]",
            "sg_assets.training.callbacks",
            "checkpoint_callback.<locals>.CheckpointCallback.on_save",
        ),
        ("adapters/kto[sft_kto]", "sg_assets.training.trainers", "make_trainer"),
        ("adapters/dpo[sft_dpo]", "sg_assets.training.job", "_train"),
        ("models/chat[base]", "sg_assets.demo.chat_model", "_new_model"),
        ("models/embedder", "sg_assets.embedding.embedder", "fit"),
        ("judges/toxicity", "sg_assets.judging.linear", "fit"),
        ("judgements/sg_safety[base]", "sg_assets.judging.linear", "LinearJudge.score"),
        ("responses/sg_safety[sft_kto]", "sg_assets.generation.transformers_engine", "TransformersEngine.answer"),
        ("synthesized/safe_responses", "sg_assets.generation.rule_engine", "RuleEngine.answer"),
        ("scores/leaderboard[sft_kto]", "sg_assets.leaderboard.job", "main"),
        ("scores/sg_safety[base]", "sg_assets.statistics.rates", "estimate"),
        ("reports/release[sft_kto]", "sg_assets.release.release_folder", "write_release_folder"),
        ("reports/release[sft_kto]", "sg_assets.release.merge_job", "main"),
        ("templated/splits", "sg_assets.store.workspace", "Workspace.write_query"),
    ],
)
def test_what_is_known_to_work_was_seen_under_its_step(traced: Traced, step: str, module: str, qualname: str) -> None:
    assert qualname in {function.qualname for function in traced[step] if function.module == module}


def steps_that_entered(traced: Traced, module: str) -> set[str]:
    return {step for step, entered in traced.items() if module in {function.module for function in entered}}


def test_what_one_step_does_is_not_seen_under_another(traced: Traced) -> None:
    trained = {"adapters/sft[sft_r128]", "adapters/kto[sft_kto]", "adapters/dpo[sft_dpo]"}
    assert steps_that_entered(traced, "sg_assets.training.guards") == trained


def test_the_command_line_belongs_to_no_step(traced: Traced) -> None:
    assert steps_that_entered(traced, "sg_assets.cli.app") == {""}


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Comments and prompts of one's own, as the environment names them."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("raw", "toxigen"):
        (folder / name).mkdir()
    (folder / "raw/own.csv").write_text("text\nOne comment of many\nAnother comment\n", encoding="utf-8")
    for name in (f"{label}_{group}" for label in ("hate", "neutral") for group in GROUPS):
        (folder / f"toxigen/{name}_1k.txt").write_text(f"- one of {name}\n- another of {name}\n", encoding="utf-8")
    return {"SG_RAW": str(folder / "raw"), "SG_TOXIGEN_DIR": str(folder / "toxigen")}


@pytest.fixture(scope="module")
def own(project: Path, own_files: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """What is read in place of generated comments and prompts."""
    arguments = ("run", "raw/forum_comments", "raw/toxigen_prompts")
    home = tmp_path_factory.mktemp("own_home")
    return traced_run(home, arguments=arguments, SG_PROJECT=str(project), **own_files)


def test_own_files_are_read_within_the_steps_that_read_them(own: Traced) -> None:
    assert steps_that_entered(own, "sg_assets.ingest.readers") == {"raw/forum_comments"}
    assert steps_that_entered(own, "sg_assets.ingest.toxigen") == {"", "raw/toxigen_prompts"}  # watched outside, too


def test_a_version_that_is_made_again_enters_what_it_did_at_first(project: Path, home: Path, traced: Traced) -> None:
    version = Store(home / "tiny" / "store", "tiny").required_head(Ref.parse("judges/toxicity")).version
    again = traced_run(home, arguments=("reproduce", version), SG_PROJECT=str(project))
    step = "judges/toxicity"
    work = {function for function in traced[step] if function.module == "sg_assets.judging.linear"}
    assert work
    assert work <= again[step]


WIRING = ("sg_assets.orchestration.", "sg_assets.jobs.", "sg_assets.processes.cards", "sg_assets.processes.teardown")
"""Asset modules hold no expression on data in a step's work: ``orchestration/test_wiring.py`` holds them to it. Jobs
call the functions that the recipe names, wherever they run."""
AT_IMPORT = {("sg_assets.demo.vocabulary", "_split")}
"""Entered because a module is first imported within a step that does not use it."""


def reason_of(module: str, name: str) -> str | None:
    if module.startswith(WIRING):
        return "wires, and handles no data"
    return "at import" if (module, name) in AT_IMPORT else reason(module, name)


def closures(traced: Traced, patch: pytest.MonkeyPatch, **variables: str) -> dict[str, set[Definition]]:
    """What the recipes of traced steps cover."""
    for name, value in variables.items():
        patch.setenv(name, value)
    loaded = load_project()
    return {step: set(step_closure(loaded, Ref.parse(step)).digests) for step in traced if step}


def test_all_that_a_step_enters_stands_in_its_closure_or_is_excluded(
    project: Path, traced: Traced, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {"SG_PROJECT": str(project), "SG_PROFILE": "tiny", "SG_HOME": str(tmp_path)}
    assert uncovered(traced, closures(traced, monkeypatch, **variables), reason_of) == []


def test_so_it_is_where_own_files_are_read(
    project: Path, own: Traced, own_files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {"SG_PROJECT": str(project), "SG_PROFILE": "tiny", "SG_HOME": str(tmp_path), **own_files}
    assert uncovered(own, closures(own, monkeypatch, **variables), reason_of) == []
