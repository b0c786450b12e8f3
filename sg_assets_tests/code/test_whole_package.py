"""The package itself: what may be done to all of it without moving a step, and that every Python sees it alike."""

import ast
import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from sg_assets.code.closure import Analysis, Closure, installed_analysis
from sg_assets.code.exclusion_table import EXCLUSIONS
from sg_assets.code.modules import IMPORT_EFFECTS, Definition, is_bare_text
from sg_assets.code.package import Package, installed_package, package_of
from sg_assets_tests.interpreters import VERSIONS, interpreter
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

LEFT_OUT = {definition for definition, _ in EXCLUSIONS.items()}


def fingerprints(package: Package, closures: Mapping[str, Closure]) -> dict[str, str]:
    analysis = Analysis(package, EXCLUSIONS)
    return {asset: analysis.closure(closure.entries).fingerprint for asset, closure in closures.items()}


def edited(edit: Callable[[str, str], str]) -> Package:
    """The package with each module's text edited."""
    package = installed_package()
    return package_of({package.path(name): edit(name, text) for name, text in package.texts.items()})


def private_functions(module: str, text: str) -> list[str]:
    """Functions that no other module names."""
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return [name for name in names if name.startswith("_") and Definition(module, name) not in LEFT_OUT]


def test_renaming_every_private_function_moves_no_step(closures: dict[str, Closure]) -> None:
    renamed = []

    def edit(module: str, text: str) -> str:
        for name in private_functions(module, text):
            renamed.append(name)
            text = re.sub(rf"(?<![\w.\"']){name}\b(?!=)", f"{name}_by_another_name", text)
        return text

    package = edited(edit)
    assert len(renamed) > 500
    assert fingerprints(package, closures) == {asset: closure.fingerprint for asset, closure in closures.items()}


def test_without_comments_and_docstrings_every_step_is_the_same(closures: dict[str, Closure]) -> None:
    def edit(_: str, text: str) -> str:
        tree = ast.parse(text)
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and is_bare_text(body[0]):
                node.body = body[1:] or [ast.Pass()]  # type: ignore[attr-defined]
        return ast.unparse(tree)

    assert fingerprints(edited(edit), closures) == {asset: closure.fingerprint for asset, closure in closures.items()}


@pytest.mark.parametrize("asset", ["adapters/kto", "raw/forum_comments", "judges/toxicity"])
def test_another_value_of_any_number_that_a_step_reaches_moves_it(closures: dict[str, Closure], asset: str) -> None:
    closure = closures[asset]
    numbers = list(_numbers(closure))
    assert numbers
    for definition, value in numbers:
        moved = Analysis(_with_another(definition, value), EXCLUSIONS).closure(closure.entries)
        assert moved.fingerprint != closure.fingerprint, definition


def _numbers(closure: Closure) -> Iterator[tuple[Definition, ast.Constant]]:
    modules = installed_analysis().modules
    for definition in closure.digests:
        statement = modules.statements(definition)[0]
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
            yield definition, value


def _with_another(definition: Definition, value: ast.Constant) -> Package:
    package = installed_package()
    lines = package.texts[definition.module].splitlines(keepends=True)
    line = lines[value.lineno - 1]
    lines[value.lineno - 1] = f"{line[: value.col_offset]}987654{line[value.end_col_offset :]}"
    return replace(package, texts={**package.texts, definition.module: "".join(lines)})


def test_what_steps_import_does_nothing_beside_binding_names(closures: dict[str, Closure]) -> None:
    """Effects count with the definitions of their module: those of a module imported for them alone would not."""
    modules = {module for closure in closures.values() for module in closure.modules}
    covered = {definition for closure in closures.values() for definition in closure.digests}
    effects = {Definition(name, IMPORT_EFFECTS) for name in _imported(modules)}
    assert {closure for closure in effects if installed_analysis().knows(closure)} <= covered


def test_the_chain_of_imports_is_followed() -> None:
    assert {"sg_assets.quality.great_expectations", "sg_assets.store.refs"} <= _imported(
        {"sg_assets.execution.preload"}
    )


def _imported(names: set[str]) -> set[str]:
    """All modules that are imported with some."""
    package = installed_package()
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in package.modules and name not in seen:
            seen.add(name)
            waiting += _imports_of(package.texts[name])
            waiting.append(name.rpartition(".")[0])
    return seen


def _imports_of(text: str) -> Iterator[str]:
    """Modules a module imports where it loads, and what may be modules."""
    waiting: list[ast.AST] = list(ast.parse(text).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        waiting += ast.iter_child_nodes(node)


DECIDING = {
    "Workspace.query": (
        "store.workspace",
        "return query(connection, sql,",
        "return query(connection, sql + ' LIMIT 1',",
    ),
    "Workspace.write_query": ("store.workspace", "COPY ({sql}\\n)", "COPY (SELECT * FROM ({sql}) LIMIT 1)"),
    "Workspace._database": ("store.workspace", "if pinned and pinned[0].kind", "if pinned[1:] and pinned[0].kind"),
    "Workspace.table": (
        "store.workspace",
        "pl.read_parquet(self.input_path(asset))",
        "pl.read_parquet(self.input_path(asset))[:1]",
    ),
    "Workspace.write_table": ("store.workspace", "frame.write_parquet(", "frame[:1].write_parquet("),
    "Licence.spdx": (
        "declarations.records.licence",
        "return canonicalize_license_expression(self.name)",
        "return self.name",
    ),
    "JudgeDeclaration.cut": ("declarations.records.judge", "return self.thresholds[self.threshold]", "return 0.5"),
}


@pytest.mark.parametrize("method", DECIDING)
def test_methods_that_decide_count_though_their_class_does_not(closures: dict[str, Closure], method: str) -> None:
    module, old, new = DECIDING[method]
    package = edited(lambda name, text: text.replace(old, new) if name == f"sg_assets.{module}" else text)
    definition = Definition(f"sg_assets.{module}", method)
    users = {asset for asset, closure in closures.items() if definition in closure.digests}
    before = {asset: closure.fingerprint for asset, closure in closures.items()}
    after = fingerprints(package, closures)
    assert users
    assert {asset for asset in before if before[asset] != after[asset]} == users


@pytest.mark.parametrize("version", VERSIONS)
def test_every_python_tells_the_code_of_every_step_alike(version: str, closures: dict[str, Closure]) -> None:
    script = """
import json, sys
from sg_assets.code.closure import installed_analysis
from sg_assets.code.modules import Definition, is_bare_text
entries = json.load(sys.stdin)
analysis = installed_analysis()
print(json.dumps({a: analysis.closure(Definition(*one) for one in of).fingerprint for a, of in entries.items()}))
"""
    entries = json.dumps({asset: closure.entries for asset, closure in closures.items()})
    ended = subprocess.run(
        [interpreter(version), "-c", script], input=entries, cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert json.loads(ended.stdout) == {asset: closure.fingerprint for asset, closure in closures.items()}
