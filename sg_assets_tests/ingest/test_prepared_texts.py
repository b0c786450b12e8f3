"""Texts of a batch, prepared."""

import polars as pl

from sg_assets.ingest.prepared_texts import Preparation, prepare


def series(*texts: str | None) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def test_every_fact_of_a_text_is_told_by_its_row() -> None:
    texts = series("call 9123 4567", "[removed]", "caf\u00c3\u00a9", None, "hello")
    prepared = prepare(texts, series(None, None, None, None, "AutoModerator"), Preparation(bots=["automoderator"]))
    assert prepared.text.to_list() == ["call <PHONE>", "[removed]", "caf\u00c3\u00a9", None, "hello"]
    assert prepared.dropped.to_list() == [None, "removed", None, None, "bot"]
    assert prepared.masked.to_list() == [True, False, False, False, False]
    assert prepared.unreadable.to_list() == [False, False, True, False, False]


def test_texts_are_repaired_only_where_asked_for() -> None:
    prepared = prepare(series("caf&Atilde;&copy;", "ok"), series(None, None), Preparation(repair_mojibake=True))
    assert prepared.text.to_list() == ["caf\u00e9", "ok"]
    assert prepared.repaired.to_list() == [True, False]


def test_names_of_files_are_masked_where_asked_for_and_stay_distinct() -> None:
    files = ["a.csv", "91234567.csv", "61234567.csv"]
    assert Preparation().names(files) == ["a.csv", "<PHONE>.csv", "<PHONE>.csv (2)"]
    assert Preparation(mask_personal_data=False).names(files) == files
