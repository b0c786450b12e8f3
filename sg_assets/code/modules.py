"""A module's definitions: every name bound at its top level, with all statements that bind or change it."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sg_assets.code.package import Package

IMPORT_EFFECTS: Final = "<import>"
"""The name under which a module's statements count that bind nothing of its own, such as settings of a library."""
_BUILTINS: Final = frozenset(dir(builtins))


class Definition(NamedTuple):
    """A function, class or constant at the top level of a module."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class WholeModule(NamedTuple):
    """A module used as a value."""

    module: str


class External(NamedTuple):
    """Something of another package or of Python, by its full name."""

    name: str

    @property
    def root(self) -> str:
        """The import name of its package."""
        return self.name.split(".", maxsplit=1)[0]


Target = Definition | WholeModule | External


@dataclass
class Module:
    """What a module binds and imports at its top level."""

    name: str
    statements: dict[str, list[ast.stmt]] = field(default_factory=dict)
    """By name bound: the statements that bind or change it, in order; :data:`IMPORT_EFFECTS` for the others."""
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """By name bound: the module, and the name in it where there is one."""
    typing_imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """The same, of imports that only type checkers run."""


def read_module(package: Package, name: str) -> Module:
    """The definitions of one module.

    Raises:
        SyntaxError: the source is none of this Python.
    """
    module = Module(name)
    for statement in ast.parse(package.texts[name]).body:
        _add(module, statement)
    return module


def resolve(modules: "Modules", module: str, name: str) -> Target | None:
    """What a name means at the top level of a module; None where nothing says so."""
    known = modules[module]
    if name in known.statements:
        return Definition(module, name)
    imported = known.imports.get(name) or known.typing_imports.get(name)
    if imported is not None:
        return imported_target(modules, *imported)
    return External(f"builtins.{name}") if name in _BUILTINS or name.startswith("__") else None


def imported_target(modules: "Modules", module: str, name: str | None) -> Target | None:
    """What an import binds."""
    package = modules.package
    if module not in package.modules:
        return External(module if name is None else f"{module}.{name}")
    if name is None:
        return WholeModule(module)
    return attribute(modules, WholeModule(module), name)


def attribute(modules: "Modules", target: Target, name: str) -> Target | None:
    """What an attribute of a module or of something external means; None of a definition's."""
    if isinstance(target, External):
        return External(f"{target.name}.{name}")
    if isinstance(target, WholeModule):
        inner = f"{target.module}.{name}"
        return WholeModule(inner) if inner in modules.package.modules else resolve(modules, target.module, name)
    return None


class Modules:
    """The modules of a package, each read when first asked for."""

    def __init__(self, package: Package) -> None:
        """Of a package."""
        self.package = package
        self._known: dict[str, Module] = {}

    def __getitem__(self, name: str) -> Module:
        if name not in self._known:
            self._known[name] = read_module(self.package, name)
        return self._known[name]


def import_names(node: ast.Import | ast.ImportFrom, module: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """The names an import binds, with the module and the name each comes from."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.split(".", maxsplit=1)[0]
            yield bound, (alias.name if alias.asname else bound, None)
        return
    source = node.module or ""
    if node.level:
        parents = module.split(".")[: -node.level]
        source = ".".join([*parents, *([source] if source else [])])
    for alias in node.names:
        yield alias.asname or alias.name, (source, alias.name)


def bound_names(node: ast.AST) -> Iterator[str]:
    """Names that a statement binds in its own scope; functions, classes and comprehensions have scopes of their own."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        yield from (inner.target.id for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (name for name, _ in import_names(node, ""))
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    for child in ast.iter_child_nodes(node):
        yield from bound_names(child)


def _add(module: Module, statement: ast.stmt) -> None:
    if isinstance(statement, ast.If) and _is_type_checking(statement.test):
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Import | ast.ImportFrom):
                module.typing_imports.update(import_names(inner, module.name))
        for inner in statement.orelse:
            _add(module, inner)
    elif isinstance(statement, ast.If) and _is_main(statement.test):
        return
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        module.imports.update(import_names(statement, module.name))
    elif not is_bare_text(statement):
        names = dict.fromkeys((*bound_names(statement), *_changed(module, statement)))
        for name in names or (IMPORT_EFFECTS,):
            module.statements.setdefault(name, []).append(statement)


def _changed(module: Module, statement: ast.stmt) -> Iterator[str]:
    """Names of the module that a statement changes without binding them."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _root(module, node)
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        yield from _root(module, call.func)


def _root(module: Module, node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name) and node.id in module.statements:
        yield node.id


def is_bare_text(statement: ast.stmt) -> bool:
    """Whether a statement is a constant alone, such as a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"
