"""Labels of people, as the labels that a table knows."""

import polars as pl
import pytest

from sg_assets.declarations.validate.sample_labels import agreed_labels
from sg_assets.errors import SgAssetsError

KNOWN = ("safe", "unsafe")


def agreed(*rows: tuple[str | None, str | None], **means: str) -> tuple[dict[str, str], int]:
    given = pl.DataFrame(rows, {"id": pl.String, "given": pl.String}, orient="row")
    return agreed_labels(given, KNOWN, means, file="people.csv", first_row=2)


@pytest.mark.parametrize("label", ["safe", "Safe", "SAFE", " safe", "\tsafe", "\xa0safe", "\uff33\uff41\uff46\uff45"])
def test_case_spaces_and_width_of_a_label_do_not_count(label: str) -> None:
    assert agreed(("a", label)) == ({"a": "safe"}, 0)


@pytest.mark.parametrize(
    "label",
    ["toxic", "0", "1", "", " ", None, "yes", "true", "unsaf", "not safe", "safe?", "nsfw", "n/a", "-"],
)
def test_any_other_label_is_refused_by_its_row(label: str | None) -> None:
    with pytest.raises(SgAssetsError, match=r"people\.csv, row 3: .*(is not a label|the label is empty).*means: \{"):
        agreed(("a", "safe"), ("b", label), ("c", "hmm"))


def test_a_long_text_in_place_of_a_label_is_not_quoted() -> None:
    with pytest.raises(SgAssetsError, match="this text is not a label") as refused:
        agreed(("a", "call me at 9123 4567 lah"))
    assert "9123" not in str(refused.value)


def test_declared_meanings_are_labels_or_leave_the_text_out() -> None:
    rows = [("a", "Toxic"), ("b", "0"), ("c", None), ("d", "unsure")]
    means = {"toxic": "unsafe", "0": "safe", "": "undecided", "Unsure": "undecided"}
    assert agreed(*rows, **means) == ({"a": "unsafe", "b": "safe"}, 2)


def test_a_text_with_several_labels_is_undecided() -> None:
    assert agreed(("a", "safe"), (" a ", "UNSAFE"), ("b", "safe"), ("b", "Safe")) == ({"b": "safe"}, 1)


@pytest.mark.parametrize("text_id", [None, "", "  "])
def test_a_label_of_no_text_is_refused_by_its_row(text_id: str | None) -> None:
    with pytest.raises(SgAssetsError, match=r"people\.csv, row 2: a label is of no text"):
        agreed((text_id, "safe"))
