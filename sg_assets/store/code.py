"""Code as an input: a fingerprint that moves when behaviour can, and the texts behind it."""

import ast
import hashlib
import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Code

_PACKAGE = "sg_assets"


def python_code(modules: Iterable[str], queries: Iterable[tuple[str, str]] = ()) -> tuple[Code, dict[str, str]]:
    """The code record of work modules (with all they import inside the package) and canonical SQL texts.

    Returns:
        The record, and digest to text for keeping under ``code/``.
    """
    return _python_code(tuple(modules), tuple(queries))


@cache
def _python_code(modules: tuple[str, ...], queries: tuple[tuple[str, str], ...]) -> tuple[Code, dict[str, str]]:
    # One code serves every partition of an asset, and digests of whole packages add up.
    normal: dict[str, str] = {}
    texts: dict[str, str] = {}
    for name in sorted(_closure(modules)):
        source = _source(name)
        normal[name] = normal_form(source)
        texts[name] = source
    for name, canonical in queries:
        normal[name] = texts[name] = canonical
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:32] for name, text in texts.items()}
    record = Code(fingerprint=json_digest(normal), texts=digests)
    return record, {digests[name]: text for name, text in texts.items()}


def _closure(modules: Iterable[str]) -> set[str]:
    waiting, found = list(modules), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(name)
    return found


@cache
def _source(module: str) -> str:
    return _path(module).read_text(encoding="utf-8")


def _path(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    return Path(spec.origin)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Modules of the package that a module imports anywhere in its text, lazily or not."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(name for name in found if name.split(".")[0] == _PACKAGE and _is_module(name))


def _is_module(name: str) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return False
    # A package's own `__init__` only re-exports; what is used of it is imported by name.
    return spec is not None and spec.origin is not None and Path(spec.origin).name != "__init__.py"


@cache
def normal_form(source: str) -> str:
    """What a fingerprint sees of a module: its syntax tree without docstrings; comments and layout are gone.

    Raises:
        SyntaxError: the source is none of this Python.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_docstring(one)] or [ast.Pass()]  # type: ignore[attr-defined]
        if isinstance(node, ast.JoinedStr):
            # Python 3.12 ends some format specifications with an empty text.
            node.values = [one for one in node.values if getattr(one, "value", None) != ""]
    return _written(tree)


def _written(node: object) -> str:
    """A syntax tree as text, the same on every Python that parses it alike.

    ``ast.dump`` and ``ast.unparse`` are not: minors of Python add fields that are empty, and choose other quotes.
    """
    if isinstance(node, list):
        return f"[{', '.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = (f"{name}={_written(value)}" for name, value in ast.iter_fields(node) if value not in (None, []))
    return f"{type(node).__name__}({', '.join(fields)})"


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
