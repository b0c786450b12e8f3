"""A sample that people labelled is read where it is; where it is not, nothing is held against it."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.expectations import Rule
from sg_assets.declarations.validate.samples import with_samples
from sg_assets.errors import SgAssetsError

ABOUT = "raw/sg_toxicity_prompts"
ROWS = pl.DataFrame({"text_id": ["b", "a", "c", "c", "a"], "label": ["Safe", " unsafe", "safe", "unsafe", "UNSAFE "]})


def rule(sample: str = "data/people.csv", **kwargs: str) -> Rule:
    kwargs_of = {"sample": sample, "kappa_at_least": 0.6, **kwargs}
    return Rule.model_validate({"id": "it", "description": "It holds.", "look_for": "agreement", "kwargs": kwargs_of})


def read(root: Path, *rules: Rule) -> tuple[Rule, ...]:
    problems = Problems()
    checked = with_samples(ABOUT, rules, root, problems)
    problems.raise_any()
    return checked


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    ROWS.write_csv(tmp_path / "data" / "people.csv")
    ROWS.write_parquet(tmp_path / "data" / "people.parquet")
    return tmp_path


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_each_text_has_the_label_people_agree_on(root: Path, kind: str) -> None:
    (checked,) = read(root, rule(f"data/people.{kind}"))
    assert checked.kwargs["labels"] == {"a": "unsafe", "b": "safe"}
    assert checked.kwargs["undecided"] == 1


def test_without_a_sample_there_is_no_rule(root: Path) -> None:
    other = Rule.model_validate({"id": "other", "description": "It holds.", "condition": "true"})
    assert read(root, rule("data/none.csv"), other) == (other,)


def test_columns_may_have_other_names(root: Path) -> None:
    ROWS.rename({"text_id": "item", "label": "verdict"}).write_csv(root / "data" / "other.csv")
    (checked,) = read(root, rule("data/other.csv", id="item", label="verdict"))
    assert checked.kwargs["labels"] == {"a": "unsafe", "b": "safe"}


def test_an_unknown_label_is_refused_by_its_row(root: Path) -> None:
    (root / "data" / "odd.csv").write_text("text_id,label\na,safe\nb,toxic\n")
    with pytest.raises(SgAssetsError, match=r"odd\.csv, row 3: 'toxic' is not a label"):
        read(root, rule("data/odd.csv"))


def test_declared_meanings_of_labels_are_read(root: Path) -> None:
    (root / "data" / "odd.csv").write_text("text_id,label\na,0\nb,toxic\nc,\n")
    declared = {"id": "it", "description": "It holds.", "look_for": "agreement"}
    kwargs = {"sample": "data/odd.csv", "kappa_at_least": 0.6, "means": {0: "safe", "Toxic": "unsafe", "": "undecided"}}
    (checked,) = read(root, Rule.model_validate({**declared, "kwargs": kwargs}))
    assert (checked.kwargs["labels"], checked.kwargs["undecided"]) == ({"a": "safe", "b": "unsafe"}, 1)
    assert checked.inspection is not None


def test_a_meaning_that_is_no_label_is_refused(root: Path) -> None:
    kwargs = {"sample": "data/people.csv", "kappa_at_least": 0.6, "means": {"toxic": "unsfe"}}
    declared = {"id": "it", "description": "It holds.", "look_for": "agreement", "kwargs": kwargs}
    with pytest.raises(ValueError, match=r"means: 'unsfe' is none of safe, unsafe, undecided"):
        _ = Rule.model_validate(declared).inspection


def test_a_column_that_is_not_there_is_told_with_the_nearest(root: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"has no column 'labels'.*label"):
        read(root, rule(label="labels"))


def test_a_file_that_is_none_is_told_without_what_it_holds(root: Path) -> None:
    (root / "data" / "bad.parquet").write_text("text_id,label\nsecret,safe\n")
    with pytest.raises(SgAssetsError, match=r"'bad.parquet' cannot be read") as kwargs_of:
        read(root, rule("data/bad.parquet"))
    assert "secret" not in str(kwargs_of.value)


@pytest.mark.parametrize("sample", ["/etc/people.csv", "../people.csv", "data/../../people.csv", "data/people.txt"])
def test_a_file_elsewhere_is_not_read_and_refused_where_rules_are_checked(root: Path, sample: str) -> None:
    (checked,) = read(root, rule(sample))
    assert "labels" not in checked.kwargs
    with pytest.raises(ValueError, match="sample"):
        _ = checked.inspection
