"""A version is held against the published one it would replace."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.records.expectations import Rule
from sg_assets.quality.suites import suites_of
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.contracts import Contract
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.quality.tables import result, rule, sought, texts
from sg_assets_tests.store.steps import new_store, recipe, step, writing

T = Ref.parse("raw/t")
WORDS = ["kopi o kosong please", "roti prata is shiok", "the queue is long today", "go home early lah"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def table(texts: Sequence[str], labels: Sequence[str | None] | None = None) -> pl.DataFrame:
    frame = pl.DataFrame({"id": range(len(texts)), "text": texts})
    return frame.with_columns(label=pl.Series(labels or ["safe", "unsafe"] * (len(texts) // 2), dtype=pl.String))


def published(store: Store, frame: pl.DataFrame, rule: Rule) -> AuditResult:
    """The last result of publishing a frame whatever the rule says."""
    loose = rule.model_copy(update={"severity": "warning"})
    contract = Contract(("id",), suites=suites_of((loose,), {}))
    seed = len(store.versions(T))
    asked = recipe(contract=contract, seed=seed)
    return step(store, "raw/t", writing(frame), made_by=asked, run_id=f"{seed}").manifest.audit[-1]


def drifted(store: Store, before: pl.DataFrame, after: pl.DataFrame, rule: Rule) -> AuditResult:
    assert published(store, before, rule).passed
    return published(store, after, rule)


def test_rows_may_be_added_and_few_lost(store: Store) -> None:
    rule = sought("rows_lost", at_most=0.25)
    assert drifted(store, table(WORDS), table(WORDS * 2), rule).passed
    assert published(store, table(WORDS * 2).head(6), rule).passed
    lost = published(store, table(WORDS).head(2), rule)
    assert (lost.passed, lost.observed) == (
        False, {"published": 6, "staged": 2, "moved": 0.6667, "at_most": 0.25},
    )  # fmt: skip


def test_an_empty_version_loses_all_rows_and_the_next_none(store: Store) -> None:
    rule = sought("rows_lost", at_most=0.5)
    assert not drifted(store, table(WORDS), table(WORDS).clear(), rule).passed
    assert published(store, table(WORDS), rule).passed


def test_the_label_that_moved_most_counts_with_those_that_came_or_went(store: Store) -> None:
    rule = sought("label_drift", column="label", at_most=0.3)
    assert drifted(store, table(WORDS), table(WORDS, ["safe", "safe", "unsafe", "other"]), rule).passed
    moved = published(store, table(WORDS, ["other"] * 4), rule)
    assert (moved.passed, moved.observed["moved"]) == (False, 0.75)


def test_missing_labels_are_no_label(store: Store) -> None:
    rule = sought("label_drift", column="label", at_most=0.0)
    assert drifted(store, table(WORDS), table(WORDS * 2, ["safe", "unsafe", *[None] * 6]), rule).passed
    assert published(store, table(WORDS, [None] * 4), rule).observed == {"not_compared": "no labels"}


def test_longer_and_shorter_texts_are_told_alike(store: Store) -> None:
    rule = sought("length_drift", text="text", factor=1.9)
    longer = table([word + word for word in WORDS])
    assert drifted(store, table(WORDS), longer, rule).observed["moved"] == 2
    shorter = published(store, table(WORDS), rule)
    assert (shorter.passed, shorter.observed["moved"]) == (False, 2)


def test_new_words_count_as_often_as_they_stand(store: Store) -> None:
    rule = sought("vocabulary_drift", text="text", at_most=0.2)
    assert drifted(store, table(WORDS), table([word.upper() for word in WORDS]), rule).passed
    new = published(store, table(["kopi o kosong please", "skibidi skibidi skibidi rizz"]), rule)
    assert (new.passed, new.observed["moved"]) == (False, 0.5)


def test_words_are_runs_of_letters_and_digits_whatever_stands_between(store: Store) -> None:
    rule = sought("vocabulary_drift", text="text", at_most=0)
    texts = ["Kopi-O, kopi\tTEH\nkopi  (peng)!", "好吃! 4D 好吃", "...", ""]
    now = drifted(store, table(texts), table(texts), rule)
    assert (now.passed, now.observed["published"], now.observed["staged"]) == (True, 6, 9)


def test_a_version_with_other_columns_is_not_compared_with(store: Store) -> None:
    rule = sought("length_drift", text="text", factor=1.1)
    published(store, table(WORDS).rename({"text": "body"}), sought("rows_lost", at_most=1))
    assert published(store, table(WORDS), rule).observed == {
        "not_compared": "the published version has other columns"
    }  # fmt: skip


def test_equal_content_does_not_drift(store: Store) -> None:
    for drift in (sought("vocabulary_drift", text="text", at_most=0), sought("label_drift", column="label", at_most=0)):
        assert drifted(store, table(WORDS), table(WORDS), drift).passed


@pytest.mark.parametrize("look_for", ["rows_lost", "label_drift", "length_drift", "vocabulary_drift"])
def test_nothing_drifts_from_nothing(tmp_path: Path, look_for: str) -> None:
    kwargs = {
        "rows_lost": {"at_most": 0.1},
        "label_drift": {"column": "text", "at_most": 0.1},
        "length_drift": {"text": "text", "factor": 2},
        "vocabulary_drift": {"text": "text", "at_most": 0.1},
    }
    finding = result(tmp_path, texts("a"), rule(look_for=look_for, kwargs=kwargs[look_for]))
    assert (finding.passed, finding.observed) == (True, {"not_compared": "nothing is published yet"})
