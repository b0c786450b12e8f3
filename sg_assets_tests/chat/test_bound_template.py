"""Declared values inside a chat template, rendered as transformers does."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sg_assets.chat.bound_template import bound_template, with_clock
from sg_assets.declarations.records.chat import ChatDeclaration

PLAIN = "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}{% endfor %}"
USER = [{"role": "user", "content": "hi"}]


def rendered(template: str, declared: ChatDeclaration, messages: list[dict[str, str]] | None = None) -> str:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["strftime_now"] = lambda _: "today"
    environment.globals["raise_exception"] = _raise
    return environment.from_string(bound_template(template, declared)).render(messages=messages or USER)


def _raise(message: str) -> Any:
    raise TemplateError(message)


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_system_message_is_written_as_declared(system: str) -> None:
    assert rendered(PLAIN, ChatDeclaration(system=system)) == f"<system>{system}<user>hi"


def test_a_chat_with_a_system_message_of_its_own_keeps_it() -> None:
    chat = [{"role": "system", "content": "Own."}, *USER]
    assert rendered(PLAIN, ChatDeclaration(system="Declared."), chat) == "<system>Own.<user>hi"


@given(st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=9)))
def test_an_argument_is_the_declared_value(value: Any) -> None:
    declared = ChatDeclaration(template_arguments={"given": value})
    assert rendered("{{ given }}", declared) == str(value)


@given(st.text("{}% \n\t-x'\"", max_size=12))
def test_what_stands_in_the_template_is_rendered_as_before(start: str) -> None:
    template = f"{start.replace('{', '')}{PLAIN}"
    bound = ChatDeclaration(template_arguments={"given": 1}, date=datetime.date(2026, 1, 2))
    assert rendered(template, bound) == rendered(template, ChatDeclaration())


def test_nothing_declared_leaves_the_template_as_it_is() -> None:
    assert bound_template(PLAIN, ChatDeclaration()) == PLAIN


def test_a_declared_date_is_today() -> None:
    template = """{{ strftime_now("%d %b %Y") }} {{ strftime_now('%Y') }}"""
    assert rendered(template, ChatDeclaration()) == "today today"
    assert rendered(template, ChatDeclaration(date=datetime.date(2024, 7, 26))) == "26 Jul 2024 2024"


def test_a_date_in_a_format_that_is_not_written_out_is_refused() -> None:
    template = "{% set wanted = '%Y' %}{{ strftime_now(wanted) }}"
    with pytest.raises(TemplateError, match="format"):
        rendered(template, ChatDeclaration(date=datetime.date(2024, 7, 26)))


def test_a_clock_that_is_read_shows() -> None:
    said = [rendered(with_clock("{{ strftime_now('%d') }}", word), ChatDeclaration()) for word in "AB"]
    assert said == ["A", "B"]
