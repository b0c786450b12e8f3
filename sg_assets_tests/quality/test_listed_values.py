"""Texts that are one of some values."""

from pathlib import Path

from sg_assets_tests.quality.tables import result, sought, texts


def test_texts_that_are_listed_are_counted_whether_or_not_too_many_are(tmp_path: Path) -> None:
    frame = texts("stop", "length", "stop", "length'; --", None)
    rule = sought("listed_values", text="text", values=["length", "length'; --"], at_most=0.5)
    finding = result(tmp_path, frame, rule)
    assert finding.passed
    assert finding.observed == {
        "evaluated": 4, "failing": 2, "share": 0.5, "at_most": 0.5, "examples": ["id=t01", "id=t03"],
    }  # fmt: skip


def test_more_than_declared_fail(tmp_path: Path) -> None:
    rule = sought("listed_values", text="text", values=["length"], at_most=0.2)
    assert not result(tmp_path, texts("length", "stop", "stop"), rule).passed
    assert result(tmp_path, texts("stop"), rule).observed == {"evaluated": 1, "failing": 0}
