"""Drawings as bytes."""

import matplotlib as mpl
from matplotlib.figure import Figure

from sg_assets.reports.render.drawing import INK, as_png, as_svg


def draw() -> Figure:
    figure = Figure(figsize=(1, 1))
    figure.text(0.1, 0.5, "costs $5 <b>")
    return figure


def test_equal_figures_are_equal_bytes() -> None:
    assert as_svg(draw) == as_svg(draw)
    assert as_png(draw) == as_png(draw)


def test_a_picture_stands_inside_a_page_and_takes_its_colour() -> None:
    text = as_svg(draw).decode()
    assert text.startswith("<svg")
    assert "xmlns" not in text
    assert "currentColor" in text
    assert INK not in text


def test_text_is_text() -> None:
    assert "costs $5 &lt;b&gt;" in as_svg(draw).decode()


def test_the_user_s_settings_come_back_afterwards() -> None:
    with mpl.rc_context({"font.size": 30}):
        before = as_png(draw)
        assert mpl.rcParams["font.size"] == 30
    assert as_png(draw) == before
