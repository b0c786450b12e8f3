"""What is looked for is found, what is not there is not, and both are told by keys."""

from pathlib import Path

from sg_assets.declarations.records.inspections import INSPECTIONS
from sg_assets.quality.inspections import EVALUATORS
from sg_assets_tests.quality.tables import result, sought, texts


def test_everything_that_may_be_declared_can_be_looked_for() -> None:
    assert EVALUATORS.keys() == INSPECTIONS.keys()


def test_values_that_sql_names_are_bound(tmp_path: Path) -> None:
    inspection = sought("duplicates", texts="SELECT id, text FROM this WHERE id < $last")
    assert result(tmp_path, texts("a", "a"), inspection, values={"last": "t01", "other": 1}).passed


def test_what_cannot_be_looked_for_counts_as_found_and_quotes_no_value(tmp_path: Path) -> None:
    finding = result(tmp_path, texts("secret"), sought("duplicates", text="(text::INTEGER)::VARCHAR"))
    assert (finding.passed, finding.observed) == (False, {"error": "ConversionException in the column 'text'"})
