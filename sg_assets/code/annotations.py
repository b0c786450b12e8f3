"""Annotations as expressions, whether they are written as such or as texts."""

import ast
import copy


def parsed(node: ast.expr) -> ast.expr:
    """An annotation, parsed where it is a text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return node
    return node


def unquoted(node: ast.expr) -> ast.expr:
    """An annotation in which every text that stands for a type is parsed, those inside of it too."""
    if not any(isinstance(inner, ast.Constant) and isinstance(inner.value, str) for inner in ast.walk(node)):
        return node
    whole: ast.expr = _Unquoting().visit(copy.deepcopy(parsed(node)))
    return whole


class _Unquoting(ast.NodeTransformer):
    """Texts are values in ``Literal[...]`` and in what stands behind the type in ``Annotated[...]``."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        inner = parsed(node)
        return node if inner is node else unquoted(inner)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        name = ast.unparse(node.value).rsplit(".", maxsplit=1)[-1]
        if name == "Annotated" and isinstance(node.slice, ast.Tuple):
            node.slice.elts[0] = self.visit(node.slice.elts[0])
        elif name != "Literal":
            node.slice = self.visit(node.slice)
        return node
