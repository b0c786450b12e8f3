"""Figures and published numbers, as they are declared."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.figures import (
    DeclaredFigure,
    Published,
    PublishedNumber,
    check_figure,
    check_published,
)
from sg_assets.errors import SgAssetsError

SCORE = {"benchmark": "sg_safety", "metric": "toxicity_rate", "slice": "unsafe"}
NUMBER = {"variant": "base", **SCORE}


def figure(**fields: Any) -> DeclaredFigure:
    usual = {"id": "f", "title": "F", "kind": "scores", "variants": ["base", "sft_r128"], "scores": [SCORE]}
    return DeclaredFigure.model_validate({**usual, **fields})


@pytest.mark.parametrize(("fields", "reason"), [
    ({"kind": "skills"}, "kind 'skills' takes no scores"), ({"scores": []}, "kind 'scores' needs scores"),
    ({"variants": ["base", "base"]}, "'base' is named twice"), ({"variants": ["base"]}, "at least 2"),
])  # fmt: skip
def test_a_figure_that_cannot_be_drawn_is_refused(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        figure(**fields)


@pytest.mark.parametrize("numbers", [{}, {"value": 0.1, "change": 0.2}])
def test_a_published_number_is_a_value_or_a_change(numbers: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="needs either value or change"):
        PublishedNumber.model_validate({**NUMBER, **numbers})


def test_a_figure_names_declared_variants_and_shown_scores(declared: Declarations) -> None:
    variants = set(declared.variants)
    check_figure(figure(), variants, declared.benchmarks)
    with pytest.raises(SgAssetsError, match=r"f\.variants: unknown variant 'sft_r12'"):
        check_figure(figure(variants=["base", "sft_r12"]), variants, declared.benchmarks)
    with pytest.raises(SgAssetsError, match="unknown score shown by sg_safety"):
        check_figure(figure(scores=[{**SCORE, "slice": "none"}]), variants, declared.benchmarks)


def test_a_published_number_may_be_the_leaderboard_s(declared: Declarations) -> None:
    number = {**NUMBER, "benchmark": "leaderboard", "value": 1.0}
    published = Published.model_validate({"name": "p", "source": "x", "numbers": [number]})
    check_published(published, {"base"}, declared.benchmarks)
    with pytest.raises(SgAssetsError, match=r"models/published/p\.yaml, numbers: unknown variant 'base'"):
        check_published(published, {"other"}, declared.benchmarks)
