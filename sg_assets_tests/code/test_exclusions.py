"""How definitions are left out of a step's code."""

import pytest

from sg_assets.code.exclusions import Excluded, Exclusions, Why
from sg_assets.code.modules import Definition

TELL = Definition("sg_assets.progress", "tell")
SETTINGS = Definition("sg_assets.records", "Settings")
WORKSPACE = Definition("sg_assets.store", "Workspace")
QUERY = Definition("sg_assets.engine", "connect")
TABLE = (
    Excluded("sg_assets.progress", ("tell",), Why.OBSERVES, "progress"),
    Excluded("sg_assets.records", ("Settings",), Why.PARAMETERS, "values"),
    Excluded("sg_assets.store", ("Workspace",), Why.PINNED, "pinned", brings={"query": (QUERY,)}),
)


def test_a_definition_is_excluded_once() -> None:
    with pytest.raises(AssertionError, match="excluded twice"):
        Exclusions([*TABLE, Excluded("sg_assets.progress", ("tell",), Why.ERRORS, "again")])


def test_all_but_records_of_parameters_is_left_out() -> None:
    exclusions = Exclusions(TABLE)
    asked = (TELL, SETTINGS, WORKSPACE, Definition("sg_assets.work", "work"), "no definition")
    assert [exclusions.leaves_out(definition) for definition in asked] == [True, False, True, False, False]


def test_which_observer_is_called_does_not_count_and_which_pinned_content_is_used_does() -> None:
    exclusions = Exclusions(TABLE)
    assert [exclusions.key(definition) for definition in (TELL, WORKSPACE)] == ["observes", "Workspace"]


def test_a_method_brings_what_its_class_lists() -> None:
    exclusions = Exclusions(TABLE)
    assert exclusions.brought("query") == {QUERY}
    assert exclusions.brought("path") == set()


def test_a_renamed_definition_keeps_the_name_it_is_known_by() -> None:
    before = Excluded("sg_assets.store", ("Old",), Why.PINNED, "pinned")
    after = Excluded("sg_assets.store", ("New",), Why.PINNED, "pinned", known_as={"New": "Old"})
    assert Exclusions([before]).key(Definition("sg_assets.store", "Old")) == "Old"
    assert Exclusions([after]).key(Definition("sg_assets.store", "New")) == "Old"
