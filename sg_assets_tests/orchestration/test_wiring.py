"""Asset modules wire: they gather what is declared and call the work, which alone touches data.

A step's recipe names the functions its work begins with. What an asset module did to data itself would be in no recipe.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import sg_assets

PACKAGE = Path(sg_assets.__file__).parent
WIRING = ("orchestration", "reproduction")
MODULES = {
    path.stem: path for folder in WIRING for path in sorted((PACKAGE / folder).rglob("*.py")) if path.stem != "__init__"
}

AROUND_THE_WORK = {
    "asset_builder._work": "counts what would be asked before the work begins: whether it runs, not what it makes",
    "pipes.run_job": "starts a process on a spec that the work made, and waits for it",
    "pipes.run_shared_job": "the same, in a process that jobs of one model share",
    "pipes.run_step_job": "the same for a function that the recipe names",
    "pipes.checkpoint_folder": "names the folder where a job keeps its progress",
}
"""Functions that run in a step and handle no data, with the reason."""
SHOWS = {
    "adapters._metadata": "the training curve of a published adapter",
    "leaderboard._metadata": "the table of published leaderboard scores",
    "objectives._metadata": "the findings of a published version",
    "score_metadata.quarantined_score.values": "the table of scores that a failed check keeps from being published",
    "score_metadata.score_table.metadata": "the table of published scores",
}
"""Functions that read tables for pictures and metadata of what is made already, with what they show."""
DATA_LIBRARIES = {"polars", "numpy", "duckdb", "pandas", "pyarrow", "scipy", "sklearn", "json"}
TEXT_METHODS = {"format", "join", "replace", "split", "strip", "removeprefix", "removesuffix"}
SQL = re.compile(r"\b(SELECT|JOIN|WHERE|ORDER BY|GROUP BY)\b")
Function = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True)
class WiredFunction:
    """A function of an asset module."""

    name: str
    """Module and qualified name."""
    node: Function
    scopes: tuple[ast.FunctionDef, ...]
    """The functions around it, the outermost first."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def functions(module: str) -> Iterator[WiredFunction]:
    """Every named function, nested ones too."""

    def inside(node: ast.AST, scopes: tuple[ast.FunctionDef, ...], names: tuple[str, ...]) -> Iterator[WiredFunction]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                yield WiredFunction(".".join([*names, child.name]), child, scopes)
                yield from inside(child, (*scopes, child), (*names, child.name))
            elif isinstance(child, ast.ClassDef):
                yield from inside(child, scopes, (*names, child.name))
            else:
                yield from inside(child, scopes, names)

    yield from inside(tree(module), (), (module,))


def named(module: str, name: str, scopes: tuple[ast.FunctionDef, ...]) -> WiredFunction | None:
    """The function a name stands for within some scopes, in its module or in another asset module."""
    around = [*reversed(scopes), None]
    of_module = [wired for wired in functions(module) if wired.name.rsplit(".", 1)[-1] == name]
    for scope in around:
        for wired in of_module:
            if (wired.scopes[-1] if wired.scopes else None) is scope:
                return wired
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sg_assets.orchestration."):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return named(node.module.rsplit(".", 1)[-1], alias.name, ())
    return None


def handed_over(module: str) -> Iterator[WiredFunction]:
    """What is given to be run as a step's work, or to say what it asks."""
    for wired in functions(module):
        for call in own_nodes(wired.node):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            position = {"AssetDef": 2, "run_step": 4}.get(call.func.id)
            given = [] if position is None else call.args[position : position + 1]
            given += [keyword.value for keyword in call.keywords if keyword.arg in ("work", "model_calls")]
            for work in given if position is not None else []:
                if isinstance(work, ast.Lambda):
                    yield WiredFunction(f"{wired.name}.lambda", work, (*wired.scopes, wired.node))  # type: ignore[arg-type]
                elif isinstance(work, ast.Name):
                    function = named(module, work.id, (*wired.scopes, wired.node))  # type: ignore[arg-type]
                    assert function is not None, f"{wired.name}: {work.id} is no function of an asset module"
                    yield function
                else:
                    pytest.fail(f"{wired.name} hands over work that is neither a name nor a lambda")


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions defined in it, and without its signature."""
    waiting: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def reached() -> dict[str, WiredFunction]:
    """Step work in asset modules, with every function of them it leads to; what declares recipes is left out."""
    waiting = [wired for module in MODULES for wired in handed_over(module)]
    wired_functions: dict[str, WiredFunction] = {}
    while waiting:
        wired = waiting.pop()
        key = f"{wired.name}:{wired.node.lineno}"
        if key in wired_functions or wired.name in AROUND_THE_WORK or wired.name.endswith(".recipe"):
            continue
        wired_functions[key] = wired
        scopes = (*wired.scopes, *([wired.node] if isinstance(wired.node, ast.FunctionDef) else []))
        module = wired.name.split(".")[0]
        for node in own_nodes(wired.node):
            if isinstance(node, ast.Name) and (called := named(module, node.id, scopes)) is not None:
                waiting.append(called)
    return wired_functions


def wrong(node: ast.AST) -> str | None:
    """Why a node has no place in a step's wiring."""
    why = None
    match node:
        case ast.Compare() if not asks_whether_declared(node):
            why = "compares"
        case ast.BinOp() | ast.AugAssign() | ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert()):
            why = "computes"
        case ast.JoinedStr() | ast.Call(func=ast.Attribute(value=ast.Constant())):
            why = "writes a text"
        case ast.Call(func=ast.Attribute(attr=name)) if name in TEXT_METHODS:
            why = "writes a text"
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp() | ast.For() | ast.While():
            why = "goes through values"
        case ast.Attribute(value=ast.Name(id="workspace")):
            why = "reads or writes the step's data itself"
        case ast.Constant(value=str(text)) if SQL.search(text):
            why = "holds SQL"
        case ast.Import() | ast.ImportFrom() if libraries(node) & DATA_LIBRARIES:
            why = "imports what handles data"
    return why


def asks_whether_declared(node: ast.Compare) -> bool:
    """Whether something is None or not: what is declared decides which work is called."""
    nothing = all(isinstance(other, ast.Constant) and other.value is None for other in node.comparators)
    return nothing and all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)


def libraries(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.split(".")[0] for name in names}


def test_no_step_s_work_handles_data_in_an_asset_module() -> None:
    faults = [
        f"{wired.name}, line {getattr(node, 'lineno', '?')}: {why}"
        for wired in reached().values()
        for node in own_nodes(wired.node)
        if (why := wrong(node)) is not None
    ]
    assert faults == []


def test_the_work_of_every_step_is_looked_at() -> None:
    modules = {wired.name.split(".")[0] for wired in reached().values()}
    assert modules >= {
        "adapters", "benchmarks", "divergence", "labelled", "leaderboard", "model_cards", "models", "objectives",
        "releases", "reports", "sources", "sql", "status", "synthesized",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "workspace.table('a/b')", "a >= 1", "a + 1", "f'{a}'", "'{}'.format(a)", "', '.join(a)", "[b for b in a]",
        "'SELECT 1 WHERE a'", "import polars as pl", "a == 'ok'", "-a",
    ],
)  # fmt: skip
def test_an_expression_on_data_is_seen(text: str) -> None:
    assert any(wrong(node) for node in ast.walk(ast.parse(text)))


@pytest.mark.parametrize("text", ["work(workspace, declared.seed, context.log.info)", "a is not None", "a[b].c"])
def test_passing_declared_values_on_is_wiring(text: str) -> None:
    assert not any(wrong(node) for node in ast.walk(ast.parse(text)))


def test_only_what_shows_published_versions_reads_tables() -> None:
    reading = {
        wired.name
        for module in MODULES
        for wired in functions(module)
        for node in own_nodes(wired.node)
        if isinstance(node, ast.Import | ast.ImportFrom) and libraries(node) & (DATA_LIBRARIES - {"json"})
    }
    assert reading == set(SHOWS)


def test_asset_modules_hold_no_sql() -> None:
    faults = [
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"\bSELECT\b.*\bFROM\b", node.value, re.S)
    ]
    assert faults == []


NAMES_ITSELF = {
    "reproduction/rebuild.py": "runs in a package laid out of stored texts, where only its name is known",
    "orchestration/dagster_internals.py": "puts the module that it is given in the place of Dagster's webserver",
}
"""Modules that start a module of the package by name, with the reason."""


def test_a_process_is_started_by_the_module_of_a_function() -> None:
    by_name = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.List | ast.Tuple):
                continue
            for flag, module in zip(node.elts, node.elts[1:], strict=False):
                if isinstance(flag, ast.Constant) and flag.value == "-m":
                    is_of_function = isinstance(module, ast.Attribute) and module.attr == "__module__"
                    is_own = isinstance(module, ast.Name) and module.id == "__name__"
                    is_other = isinstance(module, ast.Constant) and str(module.value).split(".")[0] in {
                        "dagster",
                        "pip",
                    }
                    if not (is_of_function or is_own or is_other):
                        by_name[path.relative_to(PACKAGE).as_posix()] = ast.unparse(module)
    assert by_name.keys() == NAMES_ITSELF.keys()
