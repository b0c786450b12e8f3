"""Source texts compared: queries by their text, code by definitions or as recorded differently."""

from collections.abc import Mapping

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_sources import code_causes
from sg_assets.store.manifests import Code
from sg_assets.store.store import Store
from sg_assets_tests.code.records import code_of_texts

BY_MODULES = Code(fingerprint="a", texts={})


def causes(store: Store, before: Mapping[str, str], after: Mapping[str, str]) -> list[Cause]:
    code = [code_of_texts({}, queries) for queries in (before, after)]
    for version in code:
        store.keep_code(version.texts)
    return list(code_causes(store, "a/b", code[0].record, code[1].record))


def test_an_edited_query_is_named_with_its_diff(store: Store) -> None:
    [cause] = causes(store, {"sql/a.sql": "SELECT 1"}, {"sql/a.sql": "SELECT 2"})
    assert (cause.kind, cause.name, cause.places) == (Kind.SQL, "sql/a.sql", ("a/b",))
    assert "-  1\n+  2" in (cause.diff or "")


def test_an_added_query_has_no_digest_before(store: Store) -> None:
    [cause] = causes(store, {}, {"sql/a.sql": "SELECT 1"})
    assert (cause.kind, cause.old) == (Kind.SQL, None)


def test_equal_code_has_no_causes(store: Store) -> None:
    assert causes(store, {"sql/a.sql": "SELECT 1"}, {"sql/a.sql": "SELECT 1"}) == []


def test_texts_that_are_not_stored_yet_are_read_from_those_given(store: Store) -> None:
    code = [code_of_texts({}, {"sql/a.sql": text}) for text in ("SELECT 1", "SELECT 2")]
    store.keep_code(code[0].texts)
    [cause] = code_causes(store, "a/b", code[0].record, code[1].record, code[1].texts)
    assert cause.kind is Kind.SQL


def test_a_text_that_is_not_stored_is_an_unknown_cause(store: Store) -> None:
    code = [code_of_texts({}, {"sql/a.sql": text}) for text in ("SELECT 1", "SELECT 2")]
    [cause] = code_causes(store, "a/b", code[0].record, code[1].record)
    assert (cause.kind, cause.name) == (Kind.UNKNOWN, "sql/a.sql")


def test_modules_and_definitions_are_recorded_differently(store: Store) -> None:
    record = code_of_texts({"sg_assets.work": "def work():\n    return 1\n"}, {}).record
    [cause] = code_causes(store, "a/b", BY_MODULES, record)
    assert cause.kind is Kind.RECORDED


def test_code_without_any_text_is_an_unknown_cause(store: Store) -> None:
    [cause] = code_causes(store, "a/b", BY_MODULES, BY_MODULES.model_copy(update={"fingerprint": "b"}))
    assert cause.kind is Kind.UNKNOWN
