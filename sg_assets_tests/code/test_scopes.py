"""Names inside a definition: which are its own variables."""

import ast

from sg_assets.code.scopes import Numbers, Scope, class_scope, comprehension_scope, function_scope, parameters


def function(text: str, parent: Scope | None = None) -> Scope:
    [node] = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    return function_scope(node, parent, Numbers(), "sg_assets.m")


def test_parameters_are_content_and_variables_are_numbered_as_they_are_met() -> None:
    scope = function("def f(a):\n    b = a\n    c = b\n")
    assert [scope.written(name) for name in ("c", "a", "b", "c")] == ["$1", "a", "$2", "$1"]


def test_parameters_come_in_order_of_their_kinds() -> None:
    [node] = ast.parse("def f(a, /, b, *c, d, **e): pass").body
    assert isinstance(node, ast.FunctionDef)
    assert [item.arg for item in parameters(node.args)] == ["a", "b", "c", "d", "e"]


def test_a_name_that_an_import_alone_binds_is_no_variable() -> None:
    scope = function("def f():\n    from sg_assets.other import g\n    from . import h\n    h = 1\n")
    assert scope.imports == {"g": ("sg_assets.other", "g")}
    assert set(scope.variables) == {"h"}


def test_a_parameter_that_is_bound_again_is_noted() -> None:
    assert function("def f(a, b):\n    a = b\n").rebound == {"a"}


def test_a_name_of_an_outer_scope_is_not_its_own() -> None:
    scope = function("def f():\n    global a\n    nonlocal b\n    a = b = c = 1\n")
    assert set(scope.variables) == {"c"}


def test_a_function_inside_binds_its_name_and_not_its_variables() -> None:
    assert set(function("def f():\n    def g():\n        x = 1\n    y = 2\n").variables) == {"g", "y"}


def test_all_that_a_class_body_binds_is_content() -> None:
    [node] = ast.parse("class A:\n    import os\n    x = 1\n    def f(self): pass\n").body
    assert isinstance(node, ast.ClassDef)
    assert class_scope(node, None, Numbers(), "sg_assets.m").kept == {"os", "x", "f"}


def test_names_of_a_class_body_are_not_seen_by_its_methods() -> None:
    outer = Scope(Numbers(), variables={"y": None})
    body = Scope(outer.numbers, outer, is_class=True, kept={"x", "y"})
    method = function("def f(self): pass", body)
    assert method.owner("x") is None
    assert method.owner("y") is outer
    assert method.owner("self") is method


def test_the_targets_of_a_comprehension_are_its_own() -> None:
    [node] = [node for node in ast.walk(ast.parse("[a for a, b in c]")) if isinstance(node, ast.ListComp)]
    assert set(comprehension_scope(node.generators, None, Numbers()).variables) == {"a", "b"}
