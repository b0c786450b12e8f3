"""Equal texts in a table."""

from pathlib import Path

from sg_assets_tests.quality.tables import result, sought, texts


def test_texts_that_differ_in_case_and_spaces_are_duplicates(tmp_path: Path) -> None:
    finding = result(tmp_path, texts("Roti prata", " roti  PRATA ", "laksa", None), sought("duplicates", text="text"))
    assert not finding.passed
    assert finding.observed == {"evaluated": 3, "failing": 1, "share": 0.3333, "at_most": 0.0, "examples": ["id=t00"]}


def test_as_many_as_declared_may_be_found(tmp_path: Path) -> None:
    frame = texts("a", "a", "b", "c")
    assert result(tmp_path, frame, sought("duplicates", text="text", at_most=0.25)).passed
    assert not result(tmp_path, frame, sought("duplicates", text="text", at_most=0.24)).passed


def test_duplicates_on_one_side_are_none_across_sides(tmp_path: Path) -> None:
    across = sought("duplicates", texts="SELECT id, text, side FROM this", across_sides=True)
    assert result(tmp_path, texts("a", "a", "b", side=["x", "x", "y"]), across).passed
    assert result(tmp_path, texts("a", "b", "a", side=["x", "x", "y"]), across).observed["examples"] == ["t00"]
