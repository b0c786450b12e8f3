"""A judge's labels are held against those that people gave."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from sg_assets.quality.agreement import AgreementFinding
from sg_assets.store.audit.results import AuditResult
from sg_assets_tests.quality.tables import result, sought

LABELS = st.sampled_from(["safe", "unsafe", "unclear"])


def held_against(folder: Path, judged: list[str | None], people: dict[str, str], at_least: float = 0.6) -> AuditResult:
    names = [f"t{index}" for index in range(len(judged))]
    frame = pl.DataFrame({"text_id": names, "label": judged}, {"text_id": pl.String, "label": pl.String})
    rule = sought("agreement", sample="people.csv", kappa_at_least=at_least, labels=people, undecided=2)
    return result(folder, frame, rule, key=("text_id",))


def test_agreement_is_told_with_kappa_and_intervals(tmp_path: Path) -> None:
    judged = ["safe"] * 50 + ["unsafe"] * 50
    people = {f"t{index}": "safe" if index < 45 or index >= 95 else "unsafe" for index in range(100)}
    finding = held_against(tmp_path, list(judged), people)
    assert finding.passed
    assert finding.observed == {
        "evaluated": 100, "undecided": 2, "elsewhere": 0, "kappa_at_least": 0.6,
        "agreement": 0.9, "agreement_low": 0.8256, "agreement_high": 0.9448,
        "kappa": 0.8, "kappa_low": 0.6513, "kappa_high": 0.8895,
    }  # fmt: skip


def test_labels_no_better_than_chance_are_told(tmp_path: Path) -> None:
    people = dict(zip([f"t{index}" for index in range(4)], ["safe", "safe", "unsafe", "unsafe"], strict=True))
    finding = held_against(tmp_path, ["safe", "unsafe", "safe", "unsafe"], people)
    assert (finding.passed, finding.observed["kappa"]) == (False, 0.0)


def test_only_texts_with_both_labels_count(tmp_path: Path) -> None:
    people = {"t0": "safe", "t1": "unsafe", "t2": "safe", "gone": "safe"}
    finding = held_against(tmp_path, ["safe", "unsafe", None, "unsafe"], people)
    assert (finding.observed["evaluated"], finding.observed["elsewhere"], finding.observed["kappa"]) == (2, 2, 1.0)


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ({"gone": "safe"}, "no text of the sample is in the table"),
        ({"t0": "safe"}, "only one label occurs, so that agreement by chance is certain"),
    ],
)
def test_what_says_nothing_of_agreement_fails_nothing(tmp_path: Path, people: dict[str, str], reason: str) -> None:
    finding = held_against(tmp_path, ["safe", "unsafe"], people)
    assert (finding.passed, finding.observed) == (True, {"not_compared": reason})


@given(st.lists(st.tuples(LABELS, LABELS), min_size=2, max_size=30))
def test_kappa_is_scikit_learn_s_and_lies_in_its_interval(pairs: list[tuple[str, str]]) -> None:
    judged, people = zip(*pairs, strict=True)
    assume(len({*judged, *people}) > 1)
    size = len(pairs)
    chance = sum(judged.count(label) * people.count(label) for label in set(judged)) / size**2
    finding = AgreementFinding(size, sum(label == other for label, other in pairs), chance, 0.0, 0, 0)
    assert finding.kappa == pytest.approx(cohen_kappa_score(judged, people))
    assert finding.observed["kappa_low"] <= round(finding.kappa, 4) <= finding.observed["kappa_high"]
