"""Names inside a definition: which are its own variables, numbered so that renaming them changes nothing."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sg_assets.code.modules import bound_names, import_names

_OWN_SCOPES = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp,
)  # fmt: skip


@dataclass
class Numbers:
    """Numbers for the local variables of one definition, in the order they are met."""

    used: int = 0

    def next(self) -> str:
        """The name of a variable met for the first time."""
        self.used += 1
        return f"${self.used}"


@dataclass
class Scope:
    """The names of a function, a class body or a comprehension."""

    numbers: Numbers
    parent: "Scope | None" = None
    is_class: bool = False
    kept: set[str] = field(default_factory=set)
    """Names that are content: parameters, and what a class body binds."""
    variables: dict[str, str | None] = field(default_factory=dict)
    """Local variables with their numbers, None until they are met."""
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Names that imports bind, each to the same thing, and nothing else binds."""
    annotations: dict[str, ast.expr] = field(default_factory=dict)
    """Annotations of parameters, and of variables that have one."""
    rebound: set[str] = field(default_factory=set)
    """Parameters that the body binds again."""
    observers: set[str] = field(default_factory=set)
    """Parameters that take a line to report, such as ``log``."""

    def owner(self, name: str) -> "Scope | None":
        """The scope that binds a name, as Python looks for it; None where it is the module's."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.kept or name in scope.variables or name in scope.imports:
                return scope
            scope = scope.parent
            while scope is not None and scope.is_class:
                scope = scope.parent
        return None

    def written(self, name: str) -> str:
        """A name of this scope as the normal form has it."""
        if name in self.kept:
            return name
        number = self.variables[name]
        if number is None:
            number = self.variables[name] = self.numbers.next()
        return number


def function_scope(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, parent: Scope | None, numbers: Numbers,
                   anchor: str) -> Scope:  # fmt: skip
    """The scope of a function's body."""
    arguments = list(parameters(node.args))
    scope = Scope(numbers, parent, kept={item.arg for item in arguments})
    scope.annotations = {item.arg: item.annotation for item in arguments if item.annotation is not None}
    if isinstance(node, ast.Lambda):
        _take(scope, [node.body], anchor)
    else:
        _take(scope, node.body, anchor)
    return scope


def class_scope(node: ast.ClassDef, parent: Scope | None, numbers: Numbers, anchor: str) -> Scope:
    """The scope of a class body: all it binds is content."""
    scope = Scope(numbers, parent, is_class=True)
    _take(scope, node.body, anchor)
    scope.kept |= scope.variables.keys() | scope.imports.keys()
    scope.variables.clear()
    scope.imports.clear()
    return scope


def comprehension_scope(generators: Iterable[ast.comprehension], parent: Scope | None, numbers: Numbers) -> Scope:
    """The scope of a comprehension: its targets."""
    names = [name for item in generators for name in bound_names(item.target)]
    return Scope(numbers, parent, variables=dict.fromkeys(names))


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """All parameters, in order."""
    yield from (*arguments.posonlyargs, *arguments.args)
    if arguments.vararg:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg:
        yield arguments.kwarg


def _take(scope: Scope, body: Iterable[ast.AST], anchor: str) -> None:
    statements = list(body)
    nodes = list(_own_nodes(statements))
    outer = {name for node in nodes if isinstance(node, ast.Nonlocal | ast.Global) for name in node.names}
    bound = set[str]().union(*map(_directly, nodes))
    scope.rebound = scope.kept & bound
    bound_without_import = scope.kept | bound
    for name, sources in _imported(nodes, anchor).items():
        if name not in bound_without_import and len(sources) == 1:
            scope.imports[name] = sources.pop()
    for node in nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            scope.annotations[node.target.id] = node.annotation
    for statement in statements:
        for name in bound_names(statement):
            if name not in scope.kept and name not in outer and name not in scope.imports:
                scope.variables.setdefault(name, None)


def _imported(nodes: Iterable[ast.AST], anchor: str) -> dict[str, set[tuple[str, str | None]]]:
    """What imports bind each name to."""
    sources: dict[str, set[tuple[str, str | None]]] = {}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name, source in import_names(node, anchor):
                sources.setdefault(name, set()).add(source)
    return sources


def _directly(node: ast.AST) -> Iterator[str]:
    """Names that one node binds by itself, imports apart."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name


def _own_nodes(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a scope without those of scopes inside, in no order."""
    waiting = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _OWN_SCOPES):
            waiting.extend(ast.iter_child_nodes(node))
