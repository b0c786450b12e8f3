"""Marks of numbers, the same in every form."""

import polars as pl

from sg_assets.reports.render import markdown, terminal
from sg_assets.reports.render.number_text import MACHINE_MARK, MARK, marked
from sg_assets.reports.results import MetricColumn, Results, VariantNote, results

COLUMN = MetricColumn("b", "toxicity_rate", "unsafe", "Toxic", "lower")


def shown(**remarks: str) -> Results:
    row = {"benchmark": "b", "variant": "base", "metric": "toxicity_rate", "slice": "unsafe", "value": 0.5, "low": 0.4,
           "high": 0.6, "n": 10, "clusters": 10, "level": 0.95, "method": "m", "version": "v", **remarks}  # fmt: skip
    return results(pl.DataFrame([row]), [VariantNote("base", "", "none")], [COLUMN])


def test_a_mark_of_its_own_stands_beside_the_number_and_is_told_below() -> None:
    remark = shown(machine="made elsewhere", remark="not comparable")
    assert marked(remark) == [(MARK, "base", "not comparable"), (MACHINE_MARK, "base", "made elsewhere")]
    assert f"50.0 %{MARK}{MACHINE_MARK}" in markdown.table(remark)
    assert f"{MACHINE_MARK} base: made elsewhere" in markdown.table(remark)
    assert f"{MACHINE_MARK} base: made elsewhere" in str(terminal.table(remark).caption)


def test_where_nothing_is_to_be_said_there_is_no_mark() -> None:
    assert MACHINE_MARK not in markdown.table(shown())
