"""Which definitions were edited between the code of two versions, and which only call edited ones."""

from collections.abc import Mapping

from sg_assets.lineage.changed_definitions import ChangedDefinition, changed_definitions
from sg_assets.store.store import Store
from sg_assets_tests.code.records import code_of_texts

WORK = """from sg_assets.helpers import half, LIMIT


def work(x):
    return half(x) + LIMIT


def other(x):
    return work(x)
"""
HELPERS = "LIMIT = 3\n\n\ndef half(x):\n    rest = x % 2\n    return (x - rest) / 2\n"
MODULES = {"sg_assets.work": WORK, "sg_assets.helpers": HELPERS}


def changes(store: Store, after: Mapping[str, str]) -> tuple[ChangedDefinition, ...]:
    listings = []
    for modules in (MODULES, after):
        code = code_of_texts({"sg_assets.work": modules["sg_assets.work"], **modules})
        store.keep_code(code.texts)
        listings.append(code.texts[str(code.record.listing)])
    return changed_definitions(store, *listings)


def edited(old: str, new: str) -> dict[str, str]:
    files = {name: text.replace(old, new) for name, text in MODULES.items()}
    assert files != MODULES
    return files


def test_an_edited_helper_is_named_with_its_diff_and_its_callers_are_not(store: Store) -> None:
    [change] = changes(store, edited("x % 2", "x % 3"))
    assert change.name == "sg_assets.helpers.half"
    assert change.diff is not None
    assert "-    rest = x % 2" in change.diff
    assert "+    rest = x % 3" in change.diff


def test_an_edited_constant_is_named(store: Store) -> None:
    assert [change.name for change in changes(store, edited("LIMIT = 3", "LIMIT = 4"))] == ["sg_assets.helpers.LIMIT"]


def test_two_edits_are_two_definitions(store: Store) -> None:
    files = edited("x % 2", "x % 3")
    files["sg_assets.work"] = WORK.replace("return work(x)", "return work(x) + 1")
    names = [change.name for change in changes(store, files)]
    assert names == ["sg_assets.helpers.half", "sg_assets.work.other"]


def test_a_renamed_definition_that_was_edited_too_is_one_change(store: Store) -> None:
    files = {name: text.replace("half", "quotient").replace("x % 2", "x % 3") for name, text in MODULES.items()}
    assert [change.name for change in changes(store, files)] == ["sg_assets.helpers.half -> sg_assets.helpers.quotient"]


def test_another_function_that_is_called_is_named_where_it_is_called(store: Store) -> None:
    files = {**MODULES, "sg_assets.work": WORK.replace("half(x) + LIMIT", "abs(x) + LIMIT")}
    assert [change.name for change in changes(store, files)] == ["sg_assets.work.work"]


def test_a_definition_that_joins_is_named_where_it_is_called(store: Store) -> None:
    work = WORK.replace("return half(x)", "return more(half(x))") + "\n\ndef more(x):\n    return x + 1\n"
    assert [change.name for change in changes(store, {**MODULES, "sg_assets.work": work})] == ["sg_assets.work.work"]


def test_where_a_package_is_not_kept_the_names_are_all_that_can_be_said(store: Store) -> None:
    files = edited("x % 2", "x % 3")
    code = [code_of_texts(modules) for modules in (MODULES, files)]
    changed = changed_definitions(store, *(code_record.texts[str(code_record.record.listing)] for code_record in code))
    assert "sg_assets.helpers.half" in {change.name for change in changed}
    assert {change.diff for change in changed} == {None}


def test_equal_code_has_no_changes(store: Store) -> None:
    assert changes(store, MODULES) == ()
