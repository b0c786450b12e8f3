"""The rules: each takes a module and gives its violations as ``module:line what``."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from sg_assets_tests.work_rules.source import PACKAGE, Module, Mutation, bound_by, functions, mutations, root_of

_SCOPES = frozenset({"locals", "globals", "eval", "exec", "compile"})
_LOADING = frozenset({"__import__", "import_module", "run_module", "run_path", "exec_module"})
_REGISTERING = frozenset({"register", "listens_for", "compiles", "compiles_as"})
_NAMED_VALUE = re.compile(r"\{[^{}]*[^=!<>{}]=\s*(![rsa])?(:[^{}]*)?\}")
_WITHOUT_SCANS = "WITHOUT_SCANS"


def mutates_what_it_imported(module: Module) -> list[str]:
    """No name of another module is changed: whoever reads that module would not know."""
    return sorted({
        _line(module, mutation.line, f"changes {mutation.text}")
        for scope in _scopes(module)
        for mutation in mutations(scope)
        if mutation.root in module.imported and not _calls_function(module, mutation)
    })  # fmt: skip


def mutates_its_own_names(module: Module) -> list[str]:
    """No function changes what stands at its module's top: a result would depend on what ran before."""
    return sorted({
        _line(module, mutation.line, f"changes {mutation.text}")
        for scope, local in functions(module.tree)
        for mutation in mutations(scope)
        if mutation.root in module.defined and mutation.root not in local
    })  # fmt: skip


def uses_scopes_as_data(module: Module) -> list[str]:
    """No ``global``, ``locals()``, ``globals()``, ``vars()``, ``eval``, ``exec``: names would be content."""
    lines = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            lines.append(_line(module, node.lineno, f"global {', '.join(node.names)}"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in _SCOPES or (name == "vars" and not node.args):
                lines.append(_line(module, node.lineno, f"{name}()"))
    return lines


def names_values_in_texts(module: Module) -> list[str]:
    """No ``f"{value=}"``: the local's name would be content."""
    lines = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr) and _NAMED_VALUE.search(ast.get_source_segment(module.text, node) or ""):
            pairs = zip(node.values, node.values[1:], strict=False)
            if any(_is_named(text, value) for text, value in pairs):
                lines.append(_line(module, node.lineno, ast.unparse(node)))
    return lines


def imports_stars(module: Module) -> list[str]:
    """No star imports: what a name stands for would not show."""
    return [
        _line(module, node.lineno, f"from {node.module} import *")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]


def loads_by_name(module: Module) -> list[str]:
    """No import by a computed name, and no attribute of an import by a computed name."""
    lines = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            is_getattr = called == "getattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant)
            if called in _LOADING or (is_getattr and root_of(node.args[0]) in module.imported):
                lines.append(_line(module, node.lineno, ast.unparse(node)))
    return lines


def registers_by_decorator(module: Module, all_modules: Mapping[str, Module]) -> list[str]:
    """No decorator that registers: what is registered would be reached by no name.

    A decorator registers if it is a function of the package that changes something at its module's top, or if it is
    called so.
    """
    lines = []
    for node in ast.walk(module.tree):
        for decorator in getattr(node, "decorator_list", []):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if (isinstance(called, ast.Attribute) and called.attr in _REGISTERING) or _changes(
                module, called, all_modules
            ):
                lines.append(_line(module, decorator.lineno, f"@{ast.unparse(decorator)}"))
    return lines


def scans_python_variables(module: Module) -> list[str]:
    """No DuckDB connection that reads a variable where its SQL names no table.

    Reading them is a setting of the connection, on by default: so each is opened with it off
    (``sg_assets.store.engine.WITHOUT_SCANS``), and the connection of the module ``duckdb`` itself is not used.
    """
    lines = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and module.imported.get(owner.id) == "duckdb":
                line = _line(module, node.lineno, ast.unparse(node))
                if node.func.attr == "connect":
                    lines += [] if _is_without_scans(module, node) else [line]
                elif node.func.attr in _OF_DEFAULT_CONNECTION or node.func.attr.startswith(("from_", "read_")):
                    lines.append(line)
    return lines


_OF_DEFAULT_CONNECTION = frozenset({
    "aggregate", "alias", "arrow", "cursor", "df", "execute", "executemany", "filter", "limit", "order", "pl",
    "project", "query", "query_df", "register", "sql", "table", "table_function", "values", "view",
})  # fmt: skip


def does_more_than_export(module: Module) -> list[str]:
    """An ``__init__`` is empty, or only re-exports: whoever imports from it gets what stands elsewhere."""
    if not module.is_package:
        return []
    return [
        _line(module, statement.lineno, ast.unparse(statement).splitlines()[0])
        for statement in module.tree.body
        if not (isinstance(statement, ast.ImportFrom) or _is_text(statement) or _is_list_of_exports(statement))
    ]


RULES: tuple[Callable[[Module], list[str]], ...] = (
    mutates_what_it_imported,
    mutates_its_own_names,
    uses_scopes_as_data,
    names_values_in_texts,
    imports_stars,
    loads_by_name,
    scans_python_variables,
    does_more_than_export,
)
"""Those that need one module alone."""


def _line(module: Module, line: int, text: str) -> str:
    return f"{module.name}:{line} {text}"


def _scopes(module: Module) -> Iterator[ast.AST]:
    yield module.tree
    yield from (scope for scope, _ in functions(module.tree))
    yield from (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))


def _calls_function(module: Module, mutation: Mutation) -> bool:
    """Whether it is a module's own function that only bears the name of a method, such as ``numpy.add``."""
    return mutation.is_call and mutation.text.count(".") == 1 and module.is_module(mutation.root)


def _is_named(text: ast.expr, value: ast.expr) -> bool:
    return (
        isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and isinstance(value, ast.FormattedValue)
        and "".join(text.value.split()).endswith("".join(ast.unparse(value.value).split()) + "=")
    )


def _changes(module: Module, called: ast.expr, all_modules: Mapping[str, Module]) -> bool:
    """Whether a called name is a function of the package that changes something at its module's top."""
    home, name = _home(module, called)
    owner = all_modules.get(home)
    if owner is None:
        return False
    named = [node for node in ast.walk(owner.tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    top = owner.defined | owner.imported.keys()
    return any(
        mutation.root in top - local
        for function in named
        for scope, local in functions(owner.tree)
        if scope in set(ast.walk(function))
        for mutation in mutations(scope)
    )


def _home(module: Module, called: ast.expr) -> tuple[str, str]:
    """The module and name of what a decorator names."""
    if isinstance(called, ast.Name):
        dotted = module.imported.get(called.id, f"{module.name}.{called.id}")
    elif isinstance(called, ast.Attribute):
        root = root_of(called) or ""
        dotted = ast.unparse(called).replace(root, module.imported.get(root, root), 1)
    else:
        return "", ""
    home, _, name = dotted.rpartition(".")
    return (home, name) if home.partition(".")[0] == PACKAGE else ("", "")


def _is_without_scans(module: Module, call: ast.Call) -> bool:
    """Whether a connection is opened with the setting, written in the call or in the dictionary it names."""
    config = next((keyword.value for keyword in call.keywords if keyword.arg == "config"), None)
    if isinstance(config, ast.Name):
        return any(
            _holds_setting(node.value)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and config.id in bound_by(ast.Module([node], []))
        )
    return _holds_setting(config)


def _holds_setting(config: ast.expr | None) -> bool:
    return isinstance(config, ast.Dict) and any(
        key is None and isinstance(value, ast.Name) and value.id == _WITHOUT_SCANS
        for key, value in zip(config.keys, config.values, strict=True)
    )


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_list_of_exports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and [ast.unparse(target) for target in statement.targets] == ["__all__"]
