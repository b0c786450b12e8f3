"""The definitions of a module, and what names in it mean."""

import ast

import pytest

from sg_assets.code.modules import (
    IMPORT_EFFECTS,
    Definition,
    External,
    Module,
    Modules,
    WholeModule,
    attribute,
    bound_names,
    resolve,
)
from sg_assets.code.package import package_of

OTHER = "VALUE = 1\n"


def modules(text: str) -> Modules:
    return Modules(package_of({"sg_assets/__init__.py": "", "sg_assets/m.py": text, "sg_assets/other.py": OTHER}))


def module(text: str) -> Module:
    return modules(text)["sg_assets.m"]


def statements(text: str) -> dict[str, list[str]]:
    return {name: [ast.unparse(node) for node in nodes] for name, nodes in module(text).statements.items()}


def test_a_constant_has_every_statement_that_changes_it() -> None:
    assert statements("NAMES = ['a']\nNAMES.append('b')\n") == {"NAMES": ["NAMES = ['a']", "NAMES.append('b')"]}


def test_a_statement_that_binds_nothing_is_an_effect_of_the_import() -> None:
    assert statements("import warnings\nwarnings.simplefilter('ignore')\n") == {
        IMPORT_EFFECTS: ["warnings.simplefilter('ignore')"]
    }


def test_docstrings_bind_nothing() -> None:
    assert statements('"""What it is."""\nX = 1\n"""What X is."""\n') == {"X": ["X = 1"]}


def test_where_a_module_is_run_counts_for_what_is_named_there() -> None:
    read = statements("def main(): pass\nif __name__ == '__main__':\n    main()\n")
    assert read == {"main": ["def main():\n    pass", "main()"]}


def test_a_method_is_known_by_its_class() -> None:
    [method] = module("class A:\n    def f(self): return 1\n    x = 2\n").bound_by("A.f")
    assert ast.unparse(method).startswith("def f(self)")


@pytest.mark.parametrize(("text", "name", "target"), [
    ("def f(): pass", "f", Definition("sg_assets.m", "f")),
    ("from sg_assets.other import VALUE as V", "V", Definition("sg_assets.other", "VALUE")),
    ("from sg_assets import other", "other", WholeModule("sg_assets.other")),
    ("from .other import VALUE", "VALUE", Definition("sg_assets.other", "VALUE")),
    ("import numpy as np", "np", External("numpy")),
    ("from collections import abc", "abc", External("collections.abc")),
    ("", "len", External("builtins.len")),
    ("", "nowhere", None),
    ("from sg_assets.gone import x", "x", None),
])  # fmt: skip
def test_a_name_means_what_binds_it(text: str, name: str, target: object) -> None:
    assert resolve(modules(text), "sg_assets.m", name) == target


def test_attributes_of_modules_are_followed() -> None:
    known = modules("")
    assert attribute(known, WholeModule("sg_assets.other"), "VALUE") == Definition("sg_assets.other", "VALUE")
    assert attribute(known, External("numpy"), "float64") == External("numpy.float64")
    assert attribute(known, Definition("sg_assets.m", "f"), "x") is None


@pytest.mark.parametrize(("text", "names"), [
    ("a, (b, *c) = d", ["a", "b", "c"]), ("for i in x: j = i", ["i", "j"]), ("def f(a): b = a", ["f"]),
    ("[k for k in x if (y := k)]", ["y"]), ("import os.path, sys as s", ["os", "s"]),
    ("with a as b: pass", ["b"]), ("try: pass\nexcept E as e: pass", ["e"]), ("del q", ["q"]),
    ("match x:\n    case {'a': p, **rest}: pass", ["p", "rest"]),
])  # fmt: skip
def test_a_statement_binds_names_in_its_own_scope_alone(text: str, names: list[str]) -> None:
    assert sorted(bound_names(ast.parse(text))) == names
