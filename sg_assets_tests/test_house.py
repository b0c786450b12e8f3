"""Rules that hold for the whole package."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from sg_assets_tests.paths import PROJECT

PACKAGE, TESTS = PROJECT / "sg_assets", PROJECT / "sg_assets_tests"
PICKLES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
"""Modules that read objects by running what a file says."""
TESTED_BY: dict[str, str] = {
    "cli/progress.py": "cli/test_run.py",
    "declarations/records/base.py": "declarations/test_neutral_values.py",
    "declarations/records/inspections.py": "quality/test_inspections.py",
    "declarations/records/mix.py": "declarations/test_parameters.py",
    "demo/chat_model_spec.py": "demo/test_chat_model.py",
    "demo/judge_frames.py": "demo/test_judge_texts.py",
    "judging/scoring_spec.py": "judging/test_scoring_job.py",
    "demo/tokenizer.py": "demo/test_chat_model.py",
    "execution/preload.py": "execution/test_lanes.py",
    "lineage/stale_inputs.py": "lineage/test_methods.py",
    "lineage/unpaired_ancestors.py": "lineage/test_methods.py",
    "orchestration/asset_def.py": "orchestration/test_asset_builder.py",
    "orchestration/assets/": "e2e/test_whole_graph.py",
    "reports/card.py": "reports/test_card_metadata.py",
    "reports/model_card_step.py": "e2e/test_model_card.py",
    "reports/results_step.py": "e2e/test_whole_graph.py",
    "status/partition_status.py": "status/test_survey.py",
    "store/columns.py": "store/test_contracts.py",
    "store/records.py": "store/test_manifests.py",
}
"""The test file of a module that has none of its name, because it only declares records or constants, only wires, or
needs a whole run. An entry that ends in ``/`` is for every such module of a folder."""
CROSS_CUTTING: dict[str, str] = {
    "bad_inputs/": "each bad input of any kind is answered with a clear error",
    "browser/": "drives the pages of a running server",
    "e2e/": "takes a whole graph through",
    "soak/": "kills whole commands, and starts them at the same time",
    "tracing/": "compares what runs with what is counted",
    "work_rules/": "rules for the modules that do the work",
    "cli/test_wrong_profile.py": "every command answers a profile that is not declared alike",
    "alerts/test_kills.py": "processes are killed between any two statements",
    "generation/test_kills.py": "processes are killed while they generate",
    "training/test_kills.py": "trainings are killed at any step",
    "training/test_resume.py": "a resumed training is the training in one go",
    "training/test_machines.py": "one training on two kinds of machines",
    "store/test_concurrency.py": "several writers and readers at once",
    "store/test_confirmed_versions.py": "steps that have nothing to do, one after another",
    "code/test_steps.py": "the definitions of the steps of the real package",
    "code/test_whole_package.py": "every module of the real package has a form",
    "declarations/test_declared_grids.py": "grids within a whole project",
    "declarations/test_shipped_sql.py": "the SQL under sql/, run on made-up tables",
    "ingest/fuzz/test_raw_files.py": "raw files of every dialect, against a plain reader",
    "judging/test_demo_judges.py": "the judges of the demo profile, fitted as it fits them",
    "lineage/test_lost_past.py": "whatever of the past is lost, comparisons, histories and new scores go on",
    "lineage/test_methods.py": "variants of different methods compared",
    "lineage/test_quarantined_score.py": "a score in quarantine is compared before it is published",
    "lineage/test_story.py": "a month of edits, each explained",
    "lineage/render/test_why_views.py": "one comparison in every form that people and programs read",
    "orchestration/test_graph_snapshot.py": "the graph of the demo profile, as reviewed",
    "orchestration/test_lane_memory.py": "no step's own process loads a model",
    "orchestration/test_paper_profile.py": "what the paper profile says on a machine that cannot run it",
    "orchestration/test_wiring.py": "asset modules only wire",
    "quality/test_detection.py": "docs/detection.md is true",
    "quality/test_planted_faults.py": "each planted fault is caught by the check that is meant for it",
    "test_docs.py": "the documents are true",
    "test_house.py": "rules for the package",
    "test_imports.py": "rules for imports",
    "test_words.py": "rules for words",
}
"""Test files that are about several modules, with what they are about."""
FOLDERS_THAT_TELL: dict[str, str] = {
    "cli/": "the command of the name",
    "declarations/records/": "the declared record of what another module does",
    "declarations/kinds/": "the kinds of the folder of assets",
    "declarations/validate/": "checks of a declared record",
    "orchestration/acts/": "the job of what another module does",
    "orchestration/assets/": "the assets of the name",
    "orchestration/checks/": "the checks that Dagster shows",
    "reports/render/": "a form of a report",
    "status/render/": "a form of a status",
}
"""Folders whose name tells its modules apart from others of the same name."""
REPEATED: dict[str, str] = {
    "columns": "of declared tables, of files that are read, and of stored tables",
    "evaluation": "of a leaderboard, and of a contract",
    "items": "of the leaderboard, and of any score",
    "job": "the process that runs the work of the folder",
    "replicates": "their declaration, and their statistics",
    "results": "of models, and of an audit",
    "spec": "of the job beside it",
}
"""Names that several modules have, with the reason."""


def modules() -> list[str]:
    files = (path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
    return sorted(path.relative_to(PACKAGE).as_posix() for path in files)


def mirrored(module: str) -> str:
    """The test file of a module's name."""
    folder, _, name = module.rpartition("/")
    return f"{folder}/test_{name}".removeprefix("/")


def all_test_files() -> set[str]:
    return {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}


def is_listed(path: str, table: dict[str, str]) -> bool:
    return path in table or any(folder.endswith("/") and path.startswith(folder) for folder in table)


def imported_modules(file: Path) -> set[str]:
    """The names of the modules that a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }


def test_no_module_imports_pickle() -> None:
    read = {module: {name.split(".")[0] for name in imported_modules(PACKAGE / module)} for module in modules()}
    assert {module: names & PICKLES for module, names in read.items() if names & PICKLES} == {}


def test_the_test_of_a_module_is_found_by_its_name() -> None:
    known = all_test_files()
    assert [name for name in modules() if mirrored(name) not in known and not is_listed(name, TESTED_BY)] == []


def test_a_module_with_a_test_of_its_own_needs_no_entry() -> None:
    known = all_test_files()
    bare = [name for name in modules() if mirrored(name) not in known]
    assert [entry for entry in TESTED_BY if not any(is_listed(name, {entry: ""}) for name in bare)] == []


@pytest.mark.parametrize("entry", TESTED_BY)
def test_the_test_of_an_entry_uses_the_module_s_package(entry: str) -> None:
    file = TESTED_BY[entry]
    package = f"sg_assets.{entry.split('/', maxsplit=1)[0]}"
    assert (TESTS / file).is_file()
    assert file.startswith("e2e/") or any(name.startswith(package) for name in imported_modules(TESTS / file))


def test_a_test_file_lies_beside_its_module_or_is_listed() -> None:
    named = {mirrored(module) for module in modules()}
    assert sorted(file for file in all_test_files() - named if not is_listed(file, CROSS_CUTTING)) == []


def test_a_listed_test_file_is_there_and_is_no_module_s() -> None:
    named = {mirrored(module) for module in modules()}
    assert [entry for entry in CROSS_CUTTING if entry in named or not (TESTS / entry).exists()] == []


def test_no_two_modules_of_one_name_can_be_mistaken_for_each_other() -> None:
    folders = defaultdict(list)
    for module in modules():
        if not is_listed(module, FOLDERS_THAT_TELL):
            folders[Path(module).stem].append(module)
    repeated = {name: paths for name, paths in folders.items() if len(paths) > 1}
    assert {name: paths for name, paths in repeated.items() if name not in REPEATED} == {}
    assert REPEATED.keys() - repeated.keys() == set()
