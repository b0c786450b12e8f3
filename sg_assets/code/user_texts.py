"""Texts for people: which arguments are cut from a normal form, and what of them stays because it may do something."""

import ast
from collections.abc import Iterator
from typing import Final

REPORTS: Final = frozenset(
    {
        "builtins.print",
        "warnings.warn",
        *(f"logging.{name}" for name in ("critical", "debug", "error", "exception", "info", "log", "warning")),
    }
)
"""Functions outside the package that only report."""
STREAMS: Final = ("sys.stderr", "sys.stdout")
"""Where a line that is printed is no content."""
OBSERVER_NAMES: Final = frozenset({"log", "report", "say", "tell"})
"""Names of parameters and attributes that report lines. The type alone does not say it: a function that writes a line
of a file has the same."""
_HARMLESS_BUILTINS: Final = frozenset(
    f"builtins.{name}"
    for name in (
        "abs", "ascii", "bool", "dict", "float", "format", "frozenset", "getattr", "hasattr", "int", "isinstance",
        "len", "list", "map", "max", "min", "range", "repr", "round", "set", "sorted", "str", "sum", "tuple", "type",
    )
)  # fmt: skip
_HARMLESS_METHODS: Final = frozenset(
    {
        "as_posix", "capitalize", "count", "decode", "encode", "endswith", "format", "get", "hex", "isoformat", "items",
        "join", "keys", "lower", "lstrip", "n_unique", "num_parameters", "relative_to", "removeprefix", "removesuffix",
        "replace", "rstrip", "split", "splitlines", "startswith", "strftime", "strip", "title", "total_seconds",
        "upper", "values",
    }
)  # fmt: skip


def is_text(node: ast.expr) -> bool:
    """Whether an expression is written as a text for people."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.IfExp):
        return is_text(node.body) and is_text(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "format"):
        return is_text(node.func.value)
    return isinstance(node, ast.JoinedStr)


def acting(node: ast.AST) -> Iterator[ast.expr]:
    """The outermost expressions inside a text that may do something: calls, assignments, waiting.

    A caller passes over the calls of which it knows that they do nothing.
    """
    if isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom | ast.Call):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from acting(child)


def is_harmless(call: ast.Call, external: str) -> bool:
    """Whether a call only reads.

    Args:
        call: The call.
        external: The full name of what is called, empty where it is nothing of Python's or a library's.
    """
    if external:
        return external in _HARMLESS_BUILTINS
    return isinstance(call.func, ast.Attribute) and call.func.attr in _HARMLESS_METHODS
