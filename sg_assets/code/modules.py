"""A module's definitions: every name bound at its top level, with all statements that bind or change it."""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sg_assets.code.package import PACKAGE, Package

IMPORT_EFFECTS: Final = "<import>"
"""The name under which a module's statements count that bind nothing of its own, such as settings of a library."""
_BUILTINS: Final = frozenset(dir(builtins))
_CHANGING: Final = frozenset(
    {
        "add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem",
        "popleft", "register", "remove", "reverse", "rotate", "setdefault", "sort", "update",
    }
)  # fmt: skip
"""Methods that change what they are called on."""


class Definition(NamedTuple):
    """A function, class or constant at the top level of a module, or a method of a class that is left out."""

    module: str
    name: str
    """Of a method ``Class.method``."""

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
    anchor: str
    """The name that relative imports start from."""
    tree: ast.Module
    statements: dict[str, list[ast.stmt]] = field(default_factory=dict)
    """By name bound: the statements that bind or change it, in order; :data:`IMPORT_EFFECTS` for the others."""
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """By name bound: the module, and the name in it where there is one."""
    typing_imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """The same, of imports that only type checkers run."""
    imported_by: dict[str, list[ast.stmt]] = field(default_factory=dict)
    """By name bound: the import statements."""

    def bound_by(self, name: str) -> list[ast.stmt]:
        """The statements behind a name, or behind a method written ``Class.method``; none where there is neither."""
        owner, _, method = name.partition(".")
        if not method:
            return self.statements.get(name, [])
        return [
            inner
            for statement in self.statements.get(owner, [])
            if isinstance(statement, ast.ClassDef)
            for inner in statement.body
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name == method
        ]


def read_module(package: Package, name: str) -> Module:
    """The definitions of one module.

    Raises:
        SyntaxError: the source is none of this Python.
    """
    tree = ast.parse(package.texts[name])
    module = Module(name, f"{name}.__init__" if name in package.folders else name, tree)
    for statement in tree.body:
        _add(module, statement)
    for bound, statements in module.imported_by.items():
        if bound in module.statements or _differ(module, bound, statements):
            both = [*statements, *module.statements.get(bound, [])]
            module.statements[bound] = sorted(both, key=lambda statement: statement.lineno)
    return module


def _differ(module: Module, bound: str, statements: list[ast.stmt]) -> bool:
    """Whether import statements bind one name to several things."""
    sources = {
        source
        for statement in statements
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name, source in import_names(statement, module.anchor)
        if name == bound
    }
    return len(sources) > 1


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
        inner = module if name is None else f"{module}.{name}"
        if inner in package.modules:
            return WholeModule(inner)
        return None if module.split(".", maxsplit=1)[0] == PACKAGE else External(inner)
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

    def statements(self, definition: Definition) -> list[ast.stmt]:
        """The statements behind a definition; none where there is no such."""
        return self[definition.module].bound_by(definition.name) if definition.module in self.package.modules else []


def import_names(node: ast.Import | ast.ImportFrom, anchor: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """The names an import binds, with the module and the name each comes from."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.split(".", maxsplit=1)[0]
            yield bound, (alias.name if alias.asname else bound, None)
        return
    source = node.module or ""
    if node.level:
        parents = anchor.split(".")[: -node.level]
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
                module.typing_imports.update(import_names(inner, module.anchor))
        for inner in statement.orelse:
            _add(module, inner)
    elif isinstance(statement, ast.If) and _is_main(statement.test):
        _add_main(module, statement)
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for name, source in import_names(statement, module.anchor):
            module.imports[name] = source
            module.imported_by.setdefault(name, []).append(statement)
    elif not is_bare_text(statement):
        _add_definitions(module, statement)


def _add_definitions(module: Module, statement: ast.stmt) -> None:
    names = dict.fromkeys((*bound_names(statement), *_changed(module, statement)))
    if not names.keys() - {"_"} or _does_more(module, statement, names):
        names[IMPORT_EFFECTS] = None
    for name in names:
        module.statements.setdefault(name, []).append(statement)


def _add_main(module: Module, statement: ast.If) -> None:
    """What a module does where it is run is part of the definitions it names there, such as its entry."""
    named = {inner.id for inner in ast.walk(statement) if isinstance(inner, ast.Name)} & module.statements.keys()
    for name in sorted(named):
        module.statements[name].extend(statement.body)
    for inner in statement.orelse:
        _add(module, inner)


def _changed(module: Module, statement: ast.stmt) -> Iterator[str]:
    """Names of the module that a statement changes without binding them."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _root(module, node)
    for call in _run(statement):
        if isinstance(call, ast.Expr):
            yield from _root(module, _function(call.value))
        elif isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING:
            yield from _root(module, call.func)
    for decorator in getattr(statement, "decorator_list", ()):
        if isinstance(_function(decorator), ast.Attribute):
            yield from _root(module, _function(decorator))


def _does_more(module: Module, statement: ast.stmt, names: Iterable[str]) -> bool:
    """Whether a statement with others inside calls something for its effect alone, besides methods of what it binds."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Expr):
        return False
    calls = [_function(node.value) for node in _run(statement) if isinstance(node, ast.Expr) and not is_bare_text(node)]
    return any(_first_name(call) not in {*names, *module.statements} for call in calls)


def _run(statement: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported: bodies of functions do not."""
    yield statement
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in ast.iter_child_nodes(statement):
            yield from _run(child)


def _function(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _root(module: Module, node: ast.expr) -> Iterator[str]:
    name = _first_name(node)
    if name in module.statements:
        yield name


def _first_name(node: ast.expr) -> str:
    """The name that a chain of attributes and subscripts starts from; of a function called by its name, nothing."""
    chain = isinstance(node, ast.Attribute | ast.Subscript)
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if chain and isinstance(node, ast.Name) else ""


def is_bare_text(statement: ast.AST) -> bool:
    """Whether a statement is a constant alone, such as a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _is_main(test: ast.expr) -> bool:
    return ast.unparse(test) in ("__name__ == '__main__'", "'__main__' == __name__")
