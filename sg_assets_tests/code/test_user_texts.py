"""Which expressions are texts for people, and what inside of them may do something."""

import ast

import pytest

from sg_assets.code.user_texts import acting, is_harmless, is_text


def _expression(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def _call(source: str) -> ast.Call:
    call = _expression(source)
    assert isinstance(call, ast.Call)
    return call


@pytest.mark.parametrize("source", ["'a'", "f'{x}'", "'a' + x", "', '.join(names)", "'a' if x else 'b'"])
def test_what_is_written_as_a_text_is_one(source: str) -> None:
    assert is_text(_expression(source))


@pytest.mark.parametrize("source", ["x", "1", "'a' if x else 1", "join(names)"])
def test_other_expressions_are_no_texts(source: str) -> None:
    assert not is_text(_expression(source))


def test_calls_and_assignments_inside_of_a_text_may_act() -> None:
    assert [ast.unparse(node) for node in acting(_expression("f'{rows.pop(f(x))} {(n := 1)} {y}'"))] == [
        "rows.pop(f(x))",
        "(n := 1)",
    ]


def test_a_call_that_only_reads_is_harmless() -> None:
    assert is_harmless(_call("len(rows)"), "builtins.len")
    assert is_harmless(_call("names.split()"), "")
    assert not is_harmless(_call("rows.pop()"), "")
    assert not is_harmless(_call("remove(path)"), "os.remove")
