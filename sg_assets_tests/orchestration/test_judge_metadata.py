"""Metadata of judges and judgements."""

from pathlib import Path

from sg_assets.orchestration.judge_metadata import head_figures, judgement_figures
from sg_assets.store.manifests import Manifest
from sg_assets_tests.store.steps import ROWS, new_store, published

RATES = {"n": 9, "error": 0.1, "sensitivity": 0.9, "specificity": 0.8, "precision": None}


def manifest(tmp_path: Path, **details: object) -> Manifest:
    return published(new_store(tmp_path), "judges/toxicity", ROWS).model_copy(update={"details": details})


def test_a_fitted_head_shows_its_auc_with_interval_and_by_slice(tmp_path: Path) -> None:
    figures = {
        "n": 9, "groups": ["a", "b"], "auc": 0.91, "auc_interval": [0.8, 0.97],
        "thresholds": {"balanced": {"cut": 0.5, **RATES}}, "by": {"group": {"women": {"auc": 0.7, **RATES}}},
    }  # fmt: skip
    shown = head_figures(manifest(tmp_path, on_unseen_groups=figures))
    assert shown["auc"].value == 0.91
    assert shown["auc_on_unseen_groups"].value == "0.91 (95 % interval 0.8 to 0.97) on 9 texts of 2 groups"
    assert "| women | 9 | 0.7 | 0.1 | 0.9 | 0.8 |  |" in str(shown["by_group"].value)
    assert "| balanced (0.5) | 9 |" in str(shown["by_threshold"].value)


def test_a_judge_of_another_kind_shows_none(tmp_path: Path) -> None:
    assert head_figures(manifest(tmp_path)) == {}


def test_judgements_show_rates_and_agreement_of_all_judges(tmp_path: Path) -> None:
    agreement = {
        "is_toxic": {"raised_by": "a", "n": 10, "rates": {"a": 0.5, "b": 0.25},
                     "kappa": {"b": {"value": 0.4, "low": 0.1, "high": 0.6}}}
    }  # fmt: skip
    judges = {"a": {"texts": 10, "cut_share": 0.5, "raised_by_filter": 3}, "b": {"texts": 10}}
    shown = judgement_figures(manifest(tmp_path, agreement=agreement, judges=judges))
    assert "| b | 25.0% | 0.4 (0.1 to 0.6) |" in str(shown["agreement_is_toxic"].value)
    assert "| a | 10 | 50.0% | 3 |" in str(shown["judged"].value)
