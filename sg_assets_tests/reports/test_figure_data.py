from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from sg_assets.declarations.records.figures import DeclaredFigure, PublishedNumber
from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.figure_data import FigureInputs, filled
from sg_assets.reports.render.panels import Panel, PanelFigure
from sg_assets.reports.training_costs import TrainingCost
from sg_assets_tests.reports.samples import change, sample

SFT = ("base", "sft_r128", "sft_kto")
TOXICITY = {"benchmark": "sg_safety", "metric": "toxicity_rate", "slice": "unsafe"}
NOTHING = FigureInputs(sample(), {}, {}, {}, [], {})


def declared(kind: str, *scores: Mapping[str, str]) -> DeclaredFigure:
    return DeclaredFigure.model_validate(
        {"id": "one", "title": "One", "kind": kind, "variants": SFT, "scores": list(scores)}
    )


def drawn(figure: DeclaredFigure, inputs: FigureInputs) -> PanelFigure:
    [panel_figure] = filled([figure], inputs)
    return panel_figure


def numbers(panel: Panel) -> dict[str, list[float | None]]:
    ends = ((mark.name, (mark.value, mark.low, mark.high)) for mark in panel.marks)
    return {name: [None if end is None else round(end, 6) for end in interval] for name, interval in ends}


def test_a_score_has_a_panel_in_its_unit_with_intervals() -> None:
    [panel] = drawn(declared("scores", TOXICITY), NOTHING).panels
    assert (panel.title, panel.unit) == ("Toxicity, unsafe prompts", "% of prompts")
    assert numbers(panel)["base"] == [50.5, 44.5, 56.5]
    assert [mark.method for mark in panel.marks] == ["none", "sft", "kto"]


def test_a_published_number_stands_beside_its_score() -> None:
    published = [PublishedNumber(variant="base", **TOXICITY, value=0.505),
                 PublishedNumber(variant="base", **{**TOXICITY, "slice": "safe"}, value=0.1)]  # fmt: skip
    figure = drawn(declared("scores", TOXICITY), replace(NOTHING, published=published))
    assert [mark.published for mark in figure.panels[0].marks] == [50.5, None, None]
    assert "Open diamonds: as published." in figure.caption


def test_skills_are_in_per_cent_of_bases_score_and_left_out_where_that_is_0() -> None:
    skills = {"sft_r128": [TaskChange("bbh", 40.0, 30.0, -20.0, 0.0), TaskChange("gpqa", 0.0, 1.5)]}
    published = [PublishedNumber(variant="sft_r128", benchmark="leaderboard", metric="normalised", slice="bbh",
                                 change=-0.029)]  # fmt: skip
    [panel] = drawn(declared("skills"), replace(NOTHING, skills=skills, published=published)).panels
    assert panel.title == "bbh"
    [mark] = panel.marks
    assert (mark.value, mark.low, mark.high) == (-25.0, -50.0, 0.0)
    assert mark.published == pytest.approx(-2.9)


def test_likeness_shows_how_items_are_spread() -> None:
    items = pl.DataFrame({"slice": ["local_safe"] * 101, "value": [index / 100 for index in range(101)]})
    [panel] = drawn(declared("likeness"), replace(NOTHING, likeness={"sft_kto": items})).panels
    assert panel.title == "local safe"
    [mark] = panel.marks
    assert numbers(panel) == {"sft_kto": [0.5, 0.05, 0.95]}
    assert mark.quartiles == pytest.approx((0.25, 0.75))


def test_losses_come_from_what_a_training_told() -> None:
    details: dict[str, dict[str, float | None]] = {
        "sft_r128": {"dev_loss": 0.5, "train_dev_gap": 0.1},
        "sft_kto": {"dev_loss": None, "train_dev_gap": None},
    }
    loss, gap = drawn(declared("losses"), replace(NOTHING, trainings=details)).panels
    assert (numbers(loss), numbers(gap)) == ({"sft_r128": [0.5, None, None]}, {"sft_r128": [0.1, None, None]})


def test_worth_sets_gains_beside_what_all_trainings_cost() -> None:
    costs = {
        "sft_r128": TrainingCost("sft_r128", 20.0, 60.0, 1000, 40_000, 50_000),
        "base": TrainingCost("base", 0.0, 0.0, 0, 0),
    }
    inputs = replace(NOTHING, gains=[change(-0.4, 0.05)], costs=costs)
    gain, seconds, tokens = drawn(declared("worth", TOXICITY), inputs).panels
    assert numbers(gain)["sft_r128"] == [-40.0, -45.0, -35.0]
    assert numbers(seconds) == {"sft_r128": [60.0, None, None]}
    assert numbers(tokens) == {"sft_r128": [50.0, None, None]}


def test_a_figure_without_a_number_is_left_out() -> None:
    assert filled([declared("skills"), declared("likeness"), declared("losses")], NOTHING) == []
