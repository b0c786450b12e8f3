"""What is said of versions later: a log beside the manifests, and what counts as made by what."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.errors import DamagedStoreError
from sg_assets.store.garbage import leftovers
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.marks import Mark, marks_on
from sg_assets.store.quarantine import QUARANTINE_PERIOD
from sg_assets.store.recipes import Recipe
from sg_assets.store.step import is_current
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, refusing, step, writing


def mark(kind: str, version: str, **fields: Any) -> Mark:
    return Mark.model_validate(
        {"kind": kind, "version": version, "at": datetime.now(UTC), "by": this_maker(), "why": "renamed"} | fields
    )


def accepted(manifest: Manifest, by: Recipe, pinned: list[Manifest] | None = None) -> Mark:
    digest = by.digest(manifest.ref, pinned or [])
    return mark("accepted", manifest.version, recipe=digest, code=by.code, libraries={})


@pytest.fixture
def table(store: Store) -> Manifest:
    return step(store, "raw/t", writing(ROWS), made_by=recipe("old")).manifest


def counting(store: Store, manifest: Manifest, by: str) -> list[str]:
    return [version.version for version in store.with_recipe(manifest.ref, recipe(by).digest(manifest.ref, []))]


def test_an_accepted_version_counts_as_made_by_the_recipe_it_is_bound_to_and_no_other(
    store: Store, table: Manifest
) -> None:
    store.marks.append(table.ref, accepted(table, recipe("new")))
    assert counting(store, table, "new") == counting(store, table, "old") == [table.version]
    assert counting(store, table, "other") == []


def test_an_acceptance_is_of_one_version(store: Store, table: Manifest) -> None:
    later = step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe("later"), run_id="2").manifest
    store.marks.append(table.ref, accepted(table, recipe("new")))
    assert counting(store, later, "new") == [table.version]


def test_a_step_takes_an_accepted_version_for_its_own(store: Store, table: Manifest) -> None:
    store.marks.append(table.ref, accepted(table, recipe("new")))
    assert is_current(store, table.ref, [], recipe("new"))
    outcome = step(store, "raw/t", refusing, made_by=recipe("new"), run_id="2")
    assert (outcome.manifest, outcome.reused) == (table, True)


def test_an_acceptance_that_is_undone_counts_no_more(store: Store, table: Manifest) -> None:
    name = store.marks.append(table.ref, accepted(table, recipe("new")))
    store.marks.append(table.ref, mark("undone", table.version, undoes=name))
    assert counting(store, table, "new") == []
    assert not is_current(store, table.ref, [], recipe("new"))
    assert [named.mark.kind for named in marks_on(table, store.marks_of(table.ref))] == ["accepted", "undone"]


def test_a_version_accepted_twice_counts_as_made_by_all_three(store: Store, table: Manifest) -> None:
    for code in ("second", "third"):
        store.marks.append(table.ref, accepted(table, recipe(code)))
    assert all(counting(store, table, code) == [table.version] for code in ("old", "second", "third"))
    assert [named.mark.code for named in store.acceptances(table)] == [
        Code(fingerprint=code, texts={}) for code in ("second", "third")
    ]


def renewed(store: Store) -> tuple[Manifest, str]:
    """A table that was accepted, then recorded anew because its input was published again; the mark's name."""
    read = step(store, "raw/t", writing(ROWS), made_by=recipe("old")).manifest
    made = step(store, "raw/u", writing(ROWS), ["raw/t"], made_by=recipe("old")).manifest
    name = store.marks.append(made.ref, accepted(made, recipe("new"), [read]))
    step(store, "raw/t", writing(ROWS), made_by=recipe("again"), run_id="2")
    outcome = step(store, "raw/u", refusing, ["raw/t"], made_by=recipe("new"), run_id="2")
    assert outcome.manifest.version != made.version
    return outcome.manifest, name


def test_a_version_recorded_anew_keeps_knowing_that_it_was_accepted(store: Store) -> None:
    version, name = renewed(store)
    [kept] = version.accepted_as
    assert (kept.mark, kept.recipe) == (name, store.acceptances(version)[0].mark.recipe)
    assert store.counts_as(version, kept.recipe)
    assert [named.name for named in marks_on(version, store.marks_of(version.ref))] == [name]


def test_undoing_reaches_versions_recorded_anew(store: Store) -> None:
    version, name = renewed(store)
    store.marks.append(version.ref, mark("undone", version.accepted_as[0].version, undoes=name))
    assert not store.counts_as(version, version.accepted_as[0].recipe)
    assert [named.mark.kind for named in marks_on(version, store.marks_of(version.ref))] == ["accepted", "undone"]


def test_marks_that_prune_or_erase_make_nothing_count(store: Store, table: Manifest) -> None:
    for kind in ("pruned", "erased"):
        store.marks.append(table.ref, mark(kind, table.version))
    assert store.acceptances(table) == ()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("accepted", {}), ("accepted", {"recipe": "r"}), ("undone", {}), ("pruned", {"undoes": "x"}),
        ("erased", {"recipe": "r", "code": {"fingerprint": "f", "texts": {}}, "libraries": {}}), ("praised", {}),
    ],
)  # fmt: skip
def test_a_mark_that_lacks_what_its_kind_takes_is_none(kind: str, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        mark(kind, "v", **fields)


def test_a_mark_that_cannot_be_read_is_an_error_with_its_name(store: Store, table: Manifest) -> None:
    name = f"marks/{table.ref.folder}/01M8MDV8SEBKS1JC7B7P6AY5AJ.json"
    store.files.write_new(name, "{}")
    with pytest.raises(DamagedStoreError, match=f"{name}: the mark cannot be read"):
        store.marks_of(table.ref)


def test_marks_of_another_process_are_seen(store: Store, table: Manifest) -> None:
    assert store.marks_of(table.ref) == []
    Store(store.root, "demo", store.home).marks.append(table.ref, accepted(table, recipe("new")))
    assert len(store.marks_of(table.ref)) == 1
    assert list(store.marks.all()) == [table.ref]


def test_marks_are_no_leftovers(store: Store, table: Manifest) -> None:
    store.marks.append(table.ref, accepted(table, recipe("new")))
    assert leftovers(store, -QUARANTINE_PERIOD, datetime.now(UTC)) == []
