"""Modules that report the functions they enter: what they hold is changed when they are imported.

The first finder of ``sys.meta_path`` leaves to the others where a module of the package lies, and loads it with a call
of a reporting function at the start of each function and lambda. That costs next to nothing once a function is known,
while ``sys.setprofile`` is paid for at every call of all code. Sources, line numbers, docstrings and names stay as they
are; the reporting functions are named in ``builtins``, so that no module's own names change.

Changed code is kept in a folder of the trace, never in ``__pycache__``: what runs without tracing must not see it.
"""

import builtins
import marshal
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import ast

_Node = TypeVar("_Node", bound="ast.AST")

ENTERED, BEGAN, LEFT = "__sg_trace_entered__", "__sg_trace_began__", "__sg_trace_left__"
"""Names in ``builtins``. With underscores at both ends no class mangles them."""
_UNKNOWN = "a function of sg_assets, before the compiler has named it"
"""Stands in changed source where the function's key belongs: the compiler knows qualified names and lines best."""


class Reporting(Protocol):
    """Where functions report to."""

    def entered(self, key: str) -> None:
        """A function is entered: its module, qualified name and first line, as :func:`key_of` writes them."""

    def began(self, step: str) -> None:
        """A step's work begins."""

    def left(self) -> None:
        """A step's work has ended, well or not."""


def key_of(module: str, code: CodeType) -> str:
    """A function as part of a JSON list. No name of the package needs escaping."""
    return f'"{module}", "{code.co_qualname}", {code.co_firstlineno}'


def install(package: str, entries: Mapping[tuple[str, str], str], folder: str, reporting: Reporting) -> None:
    """Have all functions of a package report that are imported from now on.

    Args:
        package: Its name.
        entries: Where a step's work begins: module and qualified name, with the local variable whose ``ref`` is the
            step.
        folder: Keeps changed code; made if missing.
        reporting: Where to.
    """
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - pathlib is more than some processes import
    vars(builtins).update({ENTERED: reporting.entered, BEGAN: reporting.began, LEFT: reporting.left})
    sys.meta_path.insert(0, _Finder(package, entries, folder))


class _Finder:
    """Finds modules of the package as the others do, and has them loaded with changed code."""

    def __init__(self, package: str, entries: Mapping[tuple[str, str], str], folder: str) -> None:
        self._package = package
        self._entries = entries
        self._folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != self._package:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            named = self._entries.items()
            entries = {qualname: variable for (module, qualname), variable in named if module == fullname}
            spec.loader = _Loader(fullname, spec.loader.path, entries, self._folder)
        return spec


class _Loader(SourceFileLoader):
    """Loads a module with changed code, and gives it to ``runpy`` as well."""

    def __init__(self, fullname: str, path: str, entries: Mapping[str, str], folder: str) -> None:
        super().__init__(fullname, path)
        self._entries = entries
        self._kept = f"{folder}/{fullname}.{sys.implementation.cache_tag}"

    def get_code(self, fullname: str) -> CodeType:
        state = os.stat(self.path)  # noqa: PTH116
        stamp = (self.path, state.st_mtime_ns, state.st_size, sys.flags.optimize)
        try:
            with open(self._kept, "rb") as file:  # noqa: PTH123
                kept, code = marshal.loads(file.read())  # noqa: S302 - this trace's own
        except FileNotFoundError:
            kept = code = None
        if kept == stamp and isinstance(code, CodeType):
            return code
        code = changed(self.get_data(self.path), self.path, fullname, self._entries)
        written = f"{self._kept}.{os.getpid()}"
        with open(written, "wb") as file:  # noqa: PTH123
            file.write(marshal.dumps((stamp, code)))
        os.replace(written, self._kept)  # noqa: PTH105 - whole or not at all: other processes read it
        return code


def changed(source: bytes, path: str, module: str, entries: Mapping[str, str]) -> CodeType:
    """The code of a module of which every function reports that it is entered.

    Args:
        source: Text of the module.
        path: Its file.
        module: Its name.
        entries: Qualified names of functions with which a step's work begins, with the variable that has the step.
    """
    import ast  # most processes load what another has compiled

    tree = ast.parse(source, path)
    _report(tree, "", entries)
    return _named(compile(tree, path, "exec", dont_inherit=True), module)


def _report(node: "ast.AST", prefix: str, entries: Mapping[str, str]) -> None:
    """Change all functions within a node, whose qualified names begin with the prefix."""
    import ast

    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _report(child, f"{prefix}{child.name}.<locals>.", entries)
                _change_function(child, entries.get(prefix + child.name))
            case ast.Lambda():
                _report(child, f"{prefix}<lambda>.<locals>.", entries)
                entered = _call(ENTERED, ast.Constant(_UNKNOWN))  # gives None
                child.body = _at(child.body, ast.BoolOp(ast.Or(), [entered, child.body]))
            case ast.ClassDef():
                _report(child, f"{prefix}{child.name}.", entries)
            case _:
                _report(child, prefix, entries)


def _change_function(function: "ast.FunctionDef | ast.AsyncFunctionDef", variable: str | None) -> None:
    import ast

    start = 0 if ast.get_docstring(function, clean=False) is None else 1
    docstring, body = function.body[:start], function.body[start:]
    if variable is not None:
        step = _call("str", ast.Attribute(ast.Name(variable, ast.Load()), "ref", ast.Load()))
        began, left = ast.Expr(_call(BEGAN, step)), ast.Expr(_call(LEFT))
        body = [_at(function, began), _at(function, ast.Try(body, [], [], [left]))]
    entered = ast.Expr(_call(ENTERED, ast.Constant(_UNKNOWN)))
    function.body = [*docstring, _at(function, entered), *body]


def _call(name: str, *arguments: "ast.expr") -> "ast.Call":
    import ast

    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _at(origin: "ast.AST", node: "_Node") -> "_Node":
    """A new node, and all that is new in it, on the line of another one."""
    import ast

    return ast.fix_missing_locations(ast.copy_location(node, origin))


def _named(code: CodeType, module: str) -> CodeType:
    """Code, and all code within, that reports under the names that the compiler gave it."""

    def known(constant: object) -> object:
        if isinstance(constant, CodeType):
            return _named(constant, module)
        return key_of(module, code) if constant == _UNKNOWN else constant

    return code.replace(co_consts=tuple(known(constant) for constant in code.co_consts))
