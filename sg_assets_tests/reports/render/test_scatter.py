from sg_assets.reports.render.scatter import axes_of, scatter_figure, scatter_picture
from sg_assets.reports.results import results
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, sample, scores


def test_same_results_give_the_same_bytes() -> None:
    assert scatter_figure(sample()) == scatter_figure(sample())
    assert scatter_picture(sample()).startswith(b"\x89PNG")


def test_axes_are_those_declared() -> None:
    axes = axes_of(sample())
    assert axes is not None
    assert [column.slice for column in axes] == ["safe", "unsafe"]


def test_without_both_axes_nothing_is_set_against_each_other() -> None:
    assert axes_of(results(scores(), VARIANTS, COLUMNS[:2])) is None


def test_variants_with_both_scores_are_named() -> None:
    text = scatter_figure(sample()).decode()
    assert [name for name in ("base", "sft_r128", "sft_kto", "sft_dpo") if f">{name}<" in text] == ["base", "sft_r128"]
