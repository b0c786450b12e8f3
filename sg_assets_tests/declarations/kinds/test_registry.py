"""Every asset has one kind, and what a kind says agrees with what is built from it."""

import ast
import re
import shutil
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import sg_assets
from sg_assets.declarations.kinds.benchmarks import SCORE_ITEMS, SCORES
from sg_assets.declarations.kinds.datasets import DATASET_TABLE, MIRROR
from sg_assets.declarations.kinds.kind import AssetKind
from sg_assets.declarations.kinds.models import CHAT_MODELS, JUDGE
from sg_assets.declarations.kinds.people_labels import SAMPLE
from sg_assets.declarations.kinds.registry import KINDS, SQL_TABLE, kind_of
from sg_assets.declarations.kinds.sources import SOURCE_FILES
from sg_assets.declarations.kinds.training import ADAPTER, IMPORTED_ADAPTER, TRAINING_TABLE
from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.lineage.causes import Kind
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project, load_project
from sg_assets_tests.paths import PROJECT

PROFILES = ("demo", "tiny", "paper")
BENCHMARK = """
description: Long prompts.
items: |
  SELECT prompt_id AS item_id, text_id AS cluster_id, label, prompt FROM templated.prompts
judges: {is_toxic: toxicity}
"""
SCHEMAS = {kind.schema for kind in KINDS} - {SQL_TABLE.schema} | {"templated"}
REACHED = "reached by the steps that write reports: its normal form is part of versions"
ALLOWED = {
    "reports/card_facts.py": REACHED,
    "reports/comparability.py": REACHED,
    "reports/machine_marks.py": REACHED,
    "reports/method_facts.py": REACHED,
    "reports/report_data.py": REACHED,
    "lineage/replay/restored_causes.py": "looks at the name of a difference, which may be two assets with an arrow",
}
"""Modules that compare names of schemas, with the reason."""


@pytest.fixture(scope="module", params=PROFILES)
def whole(request: pytest.FixtureRequest) -> ProjectDeclarations:
    return read_project(PROJECT, request.param, generated_comments=True)


@pytest.fixture(params=PROFILES)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", request.param)
    return load_project()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a benchmark more than is shipped."""
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "models/benchmarks/long.yaml").write_text(BENCHMARK)
    return tmp_path


def most_specific(asset: str) -> list[AssetKind]:
    """The kinds whose patterns match an asset with the most letters."""
    matching = [kind for kind in KINDS if fnmatchcase(asset, kind.pattern)]
    longest = max(len(kind.pattern.replace("*", "")) for kind in matching)
    return [kind for kind in matching if len(kind.pattern.replace("*", "")) == longest]


def test_every_asset_has_one_kind(whole: ProjectDeclarations) -> None:
    assert {asset: most_specific(asset) for asset in whole.graph.nodes} == {
        asset: [kind_of(asset)] for asset in whole.graph.nodes
    }


_FITTED = """judges:
  toxicity: {kind: embedding_head, fit: {texts: raw/toxigen_sentences}, thresholds: {a: 0.5}, threshold: a}
"""


def test_every_kind_has_an_asset(root: Path) -> None:
    profile = root / "models/profiles/demo.yaml"
    profile.write_text(
        f"{profile.read_text()}\nrelease: {{variants: [sft_kto]}}\nsources: {{toxigen: prompts}}\n{_FITTED}"
        "labels: {means: {ja: 'yes'}}\n"
    )
    imported = "description: x\nmethod: imported\nparent: base\nadapter: {path: adapter}\n"
    (root / "models/variants/theirs.yaml").write_text(imported)
    dataset = "description: x\npath: data\ncolumns: {prompt: text, group: group, label: label}\n"
    (root / "models/datasets").mkdir()
    (root / "models/datasets/prompts.yaml").write_text(dataset)
    kinds = list(map(kind_of, read_project(root, "demo", generated_comments=True).graph.nodes))
    made_by_command = SAMPLE
    assert {kind for kind in KINDS if kind not in kinds} == {*SOURCE_FILES, made_by_command}


@pytest.mark.parametrize(
    ("asset", "kind"),
    [
        ("scores/sg_safety", SCORES),
        ("scores/sg_safety_items", SCORE_ITEMS),
        ("scores/not_declared_any_more", SCORES),
        ("judges/toxicity", JUDGE),
        ("adapters/kto", ADAPTER),
        ("adapters/imported", IMPORTED_ADAPTER),
        ("mirrors/forum", MIRROR),
        ("datasets/forum", DATASET_TABLE),
        ("training/dpo_pairs", TRAINING_TABLE),
        ("templated/prompts", SQL_TABLE),
        ("analysis/own_table", SQL_TABLE),
    ],
)
def test_the_kind_follows_from_the_name(asset: str, kind: AssetKind) -> None:
    assert kind_of(asset) is kind


def test_a_table_has_the_columns_of_its_kind_or_of_its_sql(whole: ProjectDeclarations) -> None:
    for asset in whole.graph.nodes:
        declared = kind_of(asset).columns is not None or asset in whole.declared.sql
        assert (asset in whole.tables) == declared, asset


def test_every_file_that_declares_an_asset_is_there(whole: ProjectDeclarations) -> None:
    for asset in whole.graph.nodes:
        for file in kind_of(asset).declared_in(whole.declared, asset):
            assert (PROJECT / file).is_file(), file


def test_causes_are_kinds_of_causes() -> None:
    named = {name for kind in KINDS for name in (kind.cause, kind.rows_cause, kind.hub_cause, kind.read_cause)}
    assert named - {None} <= {kind.value for kind in Kind}


def test_what_trains_runs_in_the_pool_of_the_gpu(project: Project) -> None:
    asset_defs = asset_defs_of(project)
    training = {name for name in asset_defs if kind_of(name).trains}
    assert {kind_of(name) for name in training} == {CHAT_MODELS, ADAPTER}
    assert {asset_defs[name].pool for name in training} == {GPU_POOL}
    assert {kind_of(name).stage for name in training} == {"training"}


def test_a_chat_model_of_the_hub_is_no_training(project: Project) -> None:
    asset_defs, seeded = asset_defs_of(project), project.declared.profile.seeded_chat_models
    for asset, asset_def in asset_defs.items():
        kind = kind_of(asset)
        for key in project.graph.nodes[asset].keys if kind.trains else ():
            assert kind.is_training(asset_def.recipe(key).parameters) == (kind is ADAPTER or key in seeded)


def test_only_kinds_know_what_a_schema_s_name_means() -> None:
    package = Path(sg_assets.__file__).parent
    modules = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    naming = {
        name: [ast.unparse(node) for node in _schema_names(ast.parse(path.read_text(encoding="utf-8")))]
        for name, path in modules.items()
        if not name.startswith("declarations/kinds/")
    }
    assert {name: nodes for name, nodes in naming.items() if nodes and name not in ALLOWED} == {}
    assert {name for name in ALLOWED if not naming[name]} == set()


def _schema_names(tree: ast.AST) -> Iterator[ast.AST]:
    """Comparisons with the name of a schema, looks at how an asset's name begins, and tables of schemas."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_names_schema, sides)) and any(map(_is_about_assets, sides)):
                yield node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("startswith", "endswith", "removeprefix") and any(map(_begins_asset, node.args)):
                yield node
        elif isinstance(node, ast.Dict | ast.Tuple | ast.Set | ast.List):
            values = node.keys if isinstance(node, ast.Dict) else node.elts
            if len(values) > 1 and all(value is not None and _names_schema(value) for value in values):
                yield node


def _names_schema(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not re.fullmatch(r"[a-z_]+(/[a-z_]*)?", str(node.value)):
        return False
    return str(node.value).partition("/")[0] in SCHEMAS


def _begins_asset(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).partition("/")[::2] in {(name, "") for name in SCHEMAS}


def _is_about_assets(node: ast.AST) -> bool:
    text = ast.unparse(node)
    return text.endswith((".schema", ".asset")) or text in {"schema", "asset"} or ".split('/')" in text
