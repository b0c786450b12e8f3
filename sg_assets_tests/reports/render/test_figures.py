import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import polars as pl
import pytest

from sg_assets.reports.render.drawing import INK
from sg_assets.reports.render.figures import SERIES, rates_figure, rates_picture
from sg_assets.reports.results import MetricColumn, Results, VariantNote, results
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, sample, scores


def svg(shown: Results) -> str:
    return rates_figure(shown).decode("utf-8")


def series_marks(text: str, index: int) -> int:
    """How many dots a column has: markers are drawn once and used, in the colour of the series."""
    return len(re.findall(rf"<use [^>]*fill: {SERIES[index][0].lower()}", text))


def test_same_results_give_the_same_svg() -> None:
    assert rates_figure(sample()) == rates_figure(sample())


def test_same_results_give_the_same_png() -> None:
    assert rates_picture(sample()) == rates_picture(sample())
    assert rates_picture(sample()).startswith(b"\x89PNG")


@pytest.mark.slow
def test_another_process_gives_the_same_svg() -> None:
    code = (
        "import sys; from sg_assets.reports.render.figures import rates_figure; "
        "from sg_assets_tests.reports.samples import sample; sys.stdout.buffer.write(rates_figure(sample()))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == rates_figure(
        sample()
    )


def test_users_matplotlib_settings_change_nothing() -> None:
    before = rates_figure(sample())
    with mpl.rc_context({"font.size": 30, "xtick.labelsize": 30, "svg.fonttype": "path"}):
        assert rates_figure(sample()) == before
        assert mpl.rcParams["font.size"] == 30


def test_other_results_give_another_picture() -> None:
    assert rates_figure(results(scores().head(3), VARIANTS, COLUMNS)) != rates_figure(sample())


def test_svg_parses_and_refers_to_nothing_outside() -> None:
    text = svg(sample())
    ElementTree.fromstring(text.replace("xlink:href", "href"))  # noqa: S314  our own text
    assert "http" not in text
    assert "<metadata" not in text


def test_text_takes_the_colour_of_its_surroundings() -> None:
    text = svg(sample())
    assert "currentColor" in text
    assert INK not in text


def test_each_score_has_a_dot_and_a_missing_one_has_none() -> None:
    text = svg(sample())
    legend = 1
    assert [series_marks(text, index) - legend for index in range(3)] == [3, 3, 2]


def test_variant_without_any_score_is_said_to_have_none() -> None:
    assert svg(sample()).count(">not scored<") == 1


def test_names_are_text_not_markup_nor_mathematics() -> None:
    odd = (VariantNote("base", "", "none"), VariantNote("<b>$x^2$</b>", "", "sft"))
    only_base = scores().head(3)
    assert ">&lt;b&gt;$x^2$&lt;/b&gt;<" in svg(results(only_base, odd, COLUMNS))


def test_a_column_more_is_drawn_in_a_colour_of_its_own() -> None:
    column = MetricColumn("sg_safety", "toxicity_rate", "safe", "Toxicity, safe prompts", "lower")
    assert SERIES[3][0].lower() in svg(results(scores(), VARIANTS, (*COLUMNS, column)))


def test_a_number_that_does_not_compare_is_hollow() -> None:
    is_base = pl.col("variant") == "base"
    marked = scores().with_columns(remark=pl.when(is_base).then(pl.lit("other judge")).otherwise(pl.lit("")))
    text = svg(results(marked, VARIANTS, COLUMNS))
    assert [series_marks(svg(sample()), index) - series_marks(text, index) for index in range(3)] == [1, 1, 1]
