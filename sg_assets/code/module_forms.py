"""The normal form of a whole module: how code was told apart before definitions were (manifests without a listing)."""

import ast
from functools import cache


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
            node.body = [item for item in body if not _is_docstring(item)] or [ast.Pass()]  # type: ignore[attr-defined]
        if isinstance(node, ast.JoinedStr):
            # Python 3.12 ends some format specifications with an empty text.
            node.values = [item for item in node.values if getattr(item, "value", None) != ""]
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
