"""Expectations end as parts of an audit, with numbers and keys and no texts."""

from pathlib import Path

import polars as pl

from sg_assets_tests.quality.tables import expected, result, results

FRAME = pl.DataFrame(
    {"id": [*range(1, 31)], "score": [0.5] * 5 + [1.5] * 25, "text": [f"secret {index}" for index in range(30)]}
)
BETWEEN = "expect_column_values_to_be_between"


def test_what_holds_passes_and_says_nothing_more(tmp_path: Path) -> None:
    finding = result(tmp_path, FRAME, expected(BETWEEN, column="score", min_value=0, max_value=2))
    assert (finding.name, finding.passed, finding.blocking, finding.description) == ("it", True, True, "It holds.")
    assert finding.observed == {}


def test_what_does_not_hold_tells_how_often_and_the_first_twenty_keys(tmp_path: Path) -> None:
    finding = result(tmp_path, FRAME, expected(BETWEEN, column="score", min_value=0, max_value=1))
    assert not finding.passed
    examples = finding.observed.pop("examples")
    assert finding.observed == {"evaluated": 30, "failing": 25, "missing": 0}
    assert len(examples) == 20
    assert set(examples) <= {f"id={index}" for index in range(6, 31)}


def test_a_severity_of_warning_does_not_block(tmp_path: Path) -> None:
    finding = result(tmp_path, FRAME, expected(BETWEEN, severity="warning", column="score", max_value=1))
    assert (finding.passed, finding.blocking) == (False, False)


def test_a_number_about_the_table_is_told_whether_it_passes_or_not(tmp_path: Path) -> None:
    mean = expected("expect_column_mean_to_be_between", column="score", min_value=0)
    assert result(tmp_path, FRAME, mean).observed == {"observed": 40 / 30}
    rows = expected("expect_table_row_count_to_be_between", min_value=31)
    assert result(tmp_path, FRAME, rows).observed == {"observed": 30}


def test_no_text_is_told(tmp_path: Path) -> None:
    rules = [
        expected("expect_column_values_to_be_in_set", "a", column="text", value_set=["x"]),
        expected("expect_column_distinct_values_to_be_in_set", "b", column="text", value_set=["x"]),
        expected("expect_column_distinct_values_to_equal_set", "c", column="text", value_set=["x"]),
        expected("expect_column_most_common_value_to_be_in_set", "d", column="text", value_set=["x"]),
        expected("expect_column_value_lengths_to_equal", "e", column="text", value=3),
        expected("expect_column_mean_to_be_between", "f", column="text", min_value=3),
    ]
    evaluations = results(tmp_path, FRAME, *rules)
    assert [(evaluated.name, evaluated.passed) for evaluated in evaluations] == [(name, False) for name in "abcdef"]
    assert "secret" not in "".join(evaluated.model_dump_json() for evaluated in evaluations)


def test_what_cannot_be_evaluated_has_not_passed_and_keeps_no_other_from_being_evaluated(tmp_path: Path) -> None:
    gone = expected(BETWEEN, "gone", column="scores", max_value=1)
    fine = expected(BETWEEN, "fine", column="score", max_value=2)
    first, second = results(tmp_path, FRAME, gone, fine)
    assert (first.passed, second.passed) == (False, True)
    assert "error" in first.observed


def test_results_come_in_the_order_declared(tmp_path: Path) -> None:
    rules = [
        expected(BETWEEN, "z", column="score", max_value=2),
        expected("expect_table_row_count_to_equal", "a", value=30),
        expected(BETWEEN, "m", column="score", max_value=1),
    ]
    assert [evaluated.name for evaluated in results(tmp_path, FRAME, *rules)] == ["z", "a", "m"]


def test_keys_of_several_columns_are_told_whole(tmp_path: Path) -> None:
    frame = FRAME.with_columns(part=pl.lit("x"))
    finding = result(tmp_path, frame, expected(BETWEEN, column="id", max_value=29), key=("part", "id"))
    assert finding.observed["examples"] == ["part=x, id=30"]


def test_a_table_without_a_key_tells_only_how_many(tmp_path: Path) -> None:
    finding = result(tmp_path, FRAME, expected(BETWEEN, column="id", max_value=29), key=())
    assert finding.observed == {"evaluated": 30, "failing": 1, "missing": 0}


def test_an_empty_table_is_evaluated(tmp_path: Path) -> None:
    evaluations = results(
        tmp_path, FRAME.clear(), expected(BETWEEN, "a", column="score", max_value=1),
        expected("expect_table_row_count_to_be_between", "b", min_value=1),
    )  # fmt: skip
    assert [evaluated.passed for evaluated in evaluations] == [True, False]
