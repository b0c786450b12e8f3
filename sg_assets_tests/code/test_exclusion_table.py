"""The table of what decides no result: every entry is there, reasoned, and does what its kind says."""

import ast
from collections.abc import Iterator

import pytest

from sg_assets.code.closure import Closure, installed_analysis
from sg_assets.code.exclusion_table import EXCLUSIONS, TABLE, reason
from sg_assets.code.exclusions import Excluded, Exclusions, Why
from sg_assets.code.modules import Definition
from sg_assets.code.normal_forms import Use

pytestmark = pytest.mark.slow

ENTRIES = sorted(EXCLUSIONS.items(), key=lambda item: item[0])
NAMES = [str(definition) for definition, _ in ENTRIES]


@pytest.mark.parametrize(("definition", "entry"), ENTRIES, ids=NAMES)
def test_what_is_left_out_is_there_and_has_a_reason(definition: Definition, entry: Excluded) -> None:
    assert installed_analysis().knows(definition)
    assert len(entry.reason) > 10


@pytest.mark.parametrize(("definition", "entry"), ENTRIES, ids=NAMES)
def test_what_it_brings_is_there(definition: Definition, entry: Excluded) -> None:
    assert all(installed_analysis().knows(brought) for names in entry.brings.values() for brought in names)


def test_nothing_is_left_out_by_its_module_alone() -> None:
    assert all(entry.names and all(name.isidentifier() for name in entry.names) for entry in TABLE)


def test_a_definition_stands_in_the_table_once() -> None:
    twice = Excluded("sg_assets.errors", ("SgAssetsError",), Why.ERRORS, "again")
    with pytest.raises(AssertionError, match="excluded twice"):
        Exclusions([*TABLE, twice])


def test_the_reason_is_given_by_name() -> None:
    assert str(reason("sg_assets.errors", "SgAssetsError")).startswith("errors: ")
    assert reason("sg_assets.training.job", "main") is None


def test_what_observes_returns_nothing_that_is_used(closures: dict[str, Closure]) -> None:
    """Its value is used only where the table says why that decides nothing."""
    assert sorted(set(_used_values(closures))) == []


def _used_values(closures: dict[str, Closure]) -> Iterator[str]:
    for step, closure in closures.items():
        for definition in closure.digests:
            for use in installed_analysis().form(definition).uses:
                entry = EXCLUSIONS.get(use.definition)
                if entry and entry.why is Why.OBSERVES and use.as_value and not entry.returns and not _is_silent(use):
                    yield f"{use.definition} in {definition}, of {step}"


def _is_silent(use: Use) -> bool:
    """Whether a function says that it returns nothing, or a class that its public methods do."""
    [node] = installed_analysis().modules.statements(use.definition)
    if isinstance(node, ast.ClassDef):
        methods = [
            inner for inner in node.body if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_")
        ]
        return all(_returns_none(method) for method in methods)
    return isinstance(node, ast.FunctionDef) and _returns_none(node)


def _returns_none(node: ast.FunctionDef) -> bool:
    return isinstance(node.returns, ast.Constant) and node.returns.value is None
