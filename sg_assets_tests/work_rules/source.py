"""A module's text as rules look at it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

PACKAGE = "sg_assets"
MUTATORS = frozenset({
    "__delitem__", "__setitem__", "add", "append", "appendleft", "clear", "difference_update", "discard", "extend",
    "extendleft", "insert", "intersection_update", "pop", "popitem", "popleft", "remove", "reverse", "rotate",
    "setdefault", "sort", "symmetric_difference_update", "update",
})  # fmt: skip
"""Methods by which lists, sets, dictionaries and deques change."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Module:
    """One module: its name and its text."""

    name: str
    text: str
    is_package: bool = False
    """Whether it is an ``__init__``."""
    modules: frozenset[str] = frozenset()
    """The names of all modules of the package."""

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def imported(self) -> dict[str, str]:
        """What each name that is bound by an import anywhere in the text stands for, by its dotted name."""
        bound: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    bound[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom):
                bound |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return bound

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names its own statements bind at its top, imports apart."""
        return frozenset(bound_by(self.tree)) - self.imported.keys()

    def is_module(self, name: str) -> bool:
        """Whether a name bound by an import stands for a module, as far as that shows."""
        dotted = self.imported.get(name, "")
        if dotted.partition(".")[0] == PACKAGE:
            return dotted in self.modules
        return any(
            (alias.asname or alias.name.partition(".")[0]) == name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        )


@dataclass(frozen=True)
class Mutation:
    """A change in place of what a name stands for."""

    root: str
    """The name."""
    line: int
    text: str
    """What is changed, or the method that changes it."""
    is_call: bool


def bound_by(scope: ast.AST) -> set[str]:
    """The names that the statements of a scope bind, those of nested functions and classes apart."""
    names: set[str] = set()
    for node in within(scope):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
    if isinstance(scope, FUNCTIONS):
        arguments = scope.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        names.update(argument.arg for argument in every if argument is not None)
    return names


def within(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a scope itself: of nested functions and classes only that they are there."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)


def functions(tree: ast.AST) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Every function, at any depth, with the names that are local in it or in a function around it."""
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        scope, local = waiting.pop()
        for node in within(scope):
            if isinstance(node, FUNCTIONS):
                inner = local | bound_by(node)
                yield node, inner
                waiting.append((node, inner))
            elif isinstance(node, ast.ClassDef):
                waiting.append((node, local))


def mutations(scope: ast.AST) -> Iterator[Mutation]:
    """What a scope changes in place, by the name at its root: assignments to its parts, and methods that change it."""
    for node in within(scope):
        for target in _targets(node):
            root = root_of(target)
            if root is not None:
                yield Mutation(root, target.lineno, ast.unparse(target), isinstance(node, ast.Call))


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that a statement or call changes."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            yield node.func
        elif isinstance(node.func, ast.Name) and node.func.id in {"setattr", "delattr", "next"} and node.args:
            yield node.args[0]


def root_of(node: ast.expr) -> str | None:
    """The name an expression of attributes and subscripts begins with; None for any other expression."""
    while isinstance(node, ast.Attribute | ast.Subscript) or _is_vars(node):
        node = node.args[0] if isinstance(node, ast.Call) else node.value  # type: ignore[attr-defined]
    return node.id if isinstance(node, ast.Name) else None


def _is_vars(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "vars" and bool(node.args)
