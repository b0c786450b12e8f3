"""Labels as versions: nothing is lost, whoever imports at the same time."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.declarations.asset_names import ANSWER_LABELS
from sg_assets.errors import SgAssetsError
from sg_assets.people.answer_labels import KEY, label_schema, write_labels
from sg_assets.people.label_store import Import, add_labels, checked_annotator, drawn_answers
from sg_assets.store.step import Outcome
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import new_store, recipe, step


def labels(person: str, *items: str) -> pl.DataFrame:
    rows = [
        {"benchmark": "b", "variant": "v", "item_id": item, "answer": "a", "flag": "f", "annotator": person,
         "imported": datetime(2026, 11, 30), "label": "yes", "slices": ["x"], "inclusion": 1.0}  # noqa: DTZ001
        for item in items
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=label_schema())


def taken(person: str, file: str = "f") -> dict[str, Any]:
    return {"file": file, "annotator": person}


class Registry:
    """A store of labels whose publishing another machine may come before."""

    def __init__(self, store: Store) -> None:
        self.store, self.published, self.before = store, 0, list[tuple[str, str]]()

    def publish(self, frame: pl.DataFrame, imports: Sequence[Import]) -> Outcome:
        if self.before:
            Registry(self.store).add(*self.before.pop())
        self.published += 1
        made_by = recipe(key=KEY, imports=list(imports))
        work = lambda space: write_labels(space, frame)  # noqa: E731
        return step(self.store, ANSWER_LABELS, work, made_by=made_by, run_id=f"{id(self)} {self.published}")

    def add(self, person: str, *items: str, file: str = "f") -> Outcome | None:
        return add_labels(self.store, labels(person, *items), taken(person, file), self.publish)

    def rows(self) -> list[tuple[str, str]]:
        version = next(self.store.head(ref) for ref in self.store.refs())
        assert version is not None
        frame = pl.read_parquet(self.store.path(version))
        return sorted(frame.select("annotator", "item_id").rows())


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(new_store(tmp_path))


def test_each_import_adds_and_takes_nothing_away(registry: Registry) -> None:
    registry.add("A", "1", "2")
    registry.add("B", "1")
    assert registry.rows() == [("A", "1"), ("A", "2"), ("B", "1")]


def test_one_sheet_of_one_person_is_taken_in_once(registry: Registry) -> None:
    assert registry.add("A", "1") is not None
    assert registry.add("A", "1") is None
    assert registry.add("B", "1") is not None


def test_the_order_of_imports_does_not_matter(tmp_path: Path) -> None:
    registries = [Registry(new_store(tmp_path / name)) for name in "ab"]
    for registry, order in zip(registries, ("AB", "BA"), strict=True):
        for person in order:
            registry.add(person, "1", "2")
    assert registries[0].rows() == registries[1].rows()


def test_what_another_machine_publishes_meanwhile_is_merged(registry: Registry) -> None:
    registry.add("A", "1")
    registry.before = [("C", "3")]
    outcome = registry.add("B", "2")
    assert registry.rows() == [("A", "1"), ("B", "2"), ("C", "3")]
    assert outcome is not None
    assert sorted(known["annotator"] for known in outcome.manifest.parameters["imports"]) == ["A", "B", "C"]


@pytest.mark.parametrize(("given", "name"), [(" Anna  Tan ", "Anna Tan"), ("é", "é"), ("e\u0301", "é")])
def test_a_name_is_recorded_plainly(given: str, name: str) -> None:
    assert checked_annotator(given) == name


@pytest.mark.parametrize("given", ["", "  ", "a\x00b", "x" * 61, "\u202eabc"])
def test_labels_of_nobody_are_refused(given: str) -> None:
    with pytest.raises(SgAssetsError, match="--annotator: the labels are of nobody"):
        checked_annotator(given)


@pytest.mark.parametrize("version", ["", "../../etc", "01M8MDV8S4QEWHVPF15VYW4QJJ-40aeae3c"])
def test_a_sheet_of_an_unknown_sample_is_refused(registry: Registry, version: str) -> None:
    with pytest.raises(SgAssetsError, match=r"unknown version|s\.csv, row 2: the sheet is of no sample"):
        drawn_answers(registry.store, version, "s.csv, row 2")
