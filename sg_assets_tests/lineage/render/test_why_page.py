"""A comparison as a page."""

import re

import pytest

from sg_assets.lineage.render.why_page import page, waterfall
from sg_assets.lineage.why import Why
from sg_assets_tests.lineage.render.views import Golden
from sg_assets_tests.reports.render.test_page import Reader


def test_the_page(shown: Why, golden: Golden) -> None:
    golden("why.html", page(shown))


def test_the_page_is_well_formed_and_fetches_nothing(shown: Why) -> None:
    text = page(shown)
    reader = Reader(text)
    assert not re.search(r"https?:|//[a-z]", text)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert not re.search(r"url\(|@import", text)


def test_bars_go_from_where_the_last_one_ended(shown: Why) -> None:
    for score in shown.whole:
        bars = waterfall(score.change).bars
        assert bars[0].way == bars[-1].way == "whole"
        for bar in bars:
            assert bar.left >= 0
            assert bar.left + bar.width <= 100.01
        at = bars[0].left + bars[0].width
        for bar in bars[1:-1]:
            start, end = (bar.left, bar.left + bar.width) if bar.way == "up" else (bar.left + bar.width, bar.left)
            assert start == pytest.approx(at, abs=0.02)
            at = end
