import dataclasses
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import unquote

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.reports.render.page import Facts, page
from sg_assets.reports.results import Results, VariantNote, VersionNote, results
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, change, report, sample, scores, versions

pytestmark = pytest.mark.slow

FACTS = Facts(["Answers are greedy."], [("templated/prompts", "", 12_000)], "Someone, Somewhere", "SGD")
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Reader(HTMLParser):
    """Keeps tags, attributes and texts, and fails on a tag that is closed wrongly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def values(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def made(
    variants: Sequence[VariantNote] = VARIANTS, notes: Sequence[str] = ("Demo judge, not a moderation model.",)
) -> str:
    return written(results(scores(), variants, COLUMNS), notes)


def written(shown: Results, notes: Sequence[str] = (), versions_shown: Sequence[VersionNote] | None = None) -> str:
    versions_shown = versions() if versions_shown is None else versions_shown
    described = {"sg_safety": "The local hold-out."}
    return page(report(shown), title="Results", notes=notes, versions=versions_shown, described=described, facts=FACTS)


def test_every_tag_is_closed_and_the_numbers_are_there() -> None:
    texts = Reader(made()).texts
    assert {"50.5 %", "44.5 to 56.5", "n 500", "n 400", "no interval: too few clusters"} <= set(texts)


def test_same_results_give_the_same_bytes() -> None:
    assert made() == made()


def test_nothing_is_fetched() -> None:
    text = made()
    reader = Reader(text)
    assert not re.search(r"https?:|//[a-z]", text)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert all(link.startswith("#") for link in [*reader.values("href"), *reader.values("xlink:href")])
    assert not re.search(r"url\((?!#)|@import", text)


def test_every_number_leads_to_its_version_and_says_how_it_was_made() -> None:
    reader = Reader(made())
    links = [unquote(link) for link in reader.values("href") if link.startswith("#v-")]
    assert len(links) == scores().height
    assert {link.removeprefix("#") for link in links} <= set(reader.values("id"))
    assert (
        "version 01J0-base; n = 500 in 125 clusters; 95 % interval: Wilson at effective n, clustered"
        in reader.values("title")
    )


def test_version_of_a_number_must_be_described() -> None:
    with pytest.raises(SgAssetsError, match="version 01J0-sft_kto of sft_kto is shown but not described"):
        written(sample(), versions_shown=versions()[:2])


def test_version_with_odd_characters_is_still_found() -> None:
    odd = 'a"b c%20d<e>'
    shown = results(scores().head(1).with_columns(version=pl.lit(odd)), VARIANTS, COLUMNS)
    reader = Reader(written(shown, versions_shown=[VersionNote(odd, "scores/x", "base", "now")]))
    [link] = [unquote(link) for link in reader.values("href") if link.startswith("#v-")]
    assert link == f"#v-{odd}"
    assert f"v-{odd}" in reader.values("id")


def test_missing_scores_are_said_to_be_missing() -> None:
    assert made().split('<div class="figures">')[0].count(">not scored<") == 4


def test_notes_stand_above_the_numbers() -> None:
    text = made(notes=("First note", "Second note"))
    assert text.index("First note") < text.index("Second note") < text.index("50.5 %")


def test_remark_of_a_version_is_shown() -> None:
    assert "other judge: not comparable" in Reader(made()).texts


def test_hostile_texts_are_shown_not_obeyed() -> None:
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="alert(1)'
    odd = (VariantNote("base", hostile, "none"), *VARIANTS[1:])
    reader = Reader(made(odd, notes=(hostile,)))
    assert not {"script", "img"} & set(reader.tags)
    assert not reader.values("onmouseover")
    assert reader.texts.count(hostile) == 2


def test_page_without_any_score_has_no_versions() -> None:
    empty = results(scores().clear(), VARIANTS, COLUMNS)
    texts = Reader(written(empty, versions_shown=())).texts
    assert "Versions" not in texts
    assert "not scored" in texts


def test_gain_and_cost_stand_beside_each_other() -> None:
    gains = written(sample()).split("Gain over base, and cost</h2>")[1].split("<h2>")[0]
    assert {"\u221240.7", "\u221245.7 to \u221235.7", "61 s", "50,053"} <= set(Reader(gains).texts)


def test_a_difference_says_how_it_was_made() -> None:
    titles = Reader(written(sample())).values("title")
    origin = "sft_r128 minus base: sg_safety, toxicity_rate of unsafe, on the 500 prompts both were asked, in 125"
    assert any(title.startswith(origin) for title in titles)


def test_questions_are_answered_or_said_to_have_no_answer() -> None:
    texts = Reader(written(sample())).texts
    assert {"Does SFT lower toxicity?", "not seen", "cannot tell", "no"} <= set(texts)


def test_a_number_that_does_not_compare_is_marked_and_says_why() -> None:
    marked = scores().with_columns(
        remark=pl.when(pl.col("variant") == "base").then(pl.lit("other judge")).otherwise(pl.lit(""))
    )
    reader = Reader(written(results(marked, VARIANTS, COLUMNS)))
    assert reader.values("title").count("other judge") == 3
    assert "\u2020 base: other judge." in reader.texts


def test_only_two_scores_with_axes_are_set_against_each_other() -> None:
    without = tuple(dataclasses.replace(column, axis=None) for column in COLUMNS)
    assert written(sample()).count("<figure") == 3
    assert written(results(scores(), VARIANTS, without)).count("<figure") == 2


def test_general_skills_stand_beside_their_change_against_base() -> None:
    texts = Reader(written(sample())).texts
    assert {"38.0", "\u22125.0 %", "1.5", "+1.5 points"} <= set(texts)


def test_every_objective_says_how_a_variant_stands_to_it() -> None:
    held = written(sample()).split("Objectives</h2>")[1].split("<h2>")[0]
    texts = Reader(held).texts
    assert texts.count("met") == 2
    assert {"not enough data", "does not apply", "4.2 % (2.0 to 6.4, n 400)"} <= set(texts)


def test_declared_figures_stand_there_with_title_and_caption() -> None:
    texts = Reader(made()).texts
    assert {"Base and SFT", "Lines: 95 % intervals.", "Toxicity"} <= set(texts)


def test_what_further_training_bought_is_told_with_its_time() -> None:
    texts = Reader(made()).texts
    assert {"after sft_r128", "\u22129.8", "42 s", "2.6 times its parent's"} <= set(texts)


def test_published_numbers_stand_beside_those_found_and_name_their_source() -> None:
    texts = Reader(made()).texts
    assert {"50.4 %", "50.5 % (44.5 to 56.5)", "Published: Someone, Somewhere."} <= set(texts)


def test_every_training_is_told_where_there_were_several() -> None:
    once = Reader(made()).texts
    several = dataclasses.replace(change(-0.41, 0.1), runs=(-0.4, -0.42, -0.41))
    again = dataclasses.replace(report(), gains=[several])
    text = page(again, title="x", notes=(), versions=versions(), described={}, facts=FACTS)
    assert "3 trainings: \u221240.0, \u221242.0, \u221241.0" in Reader(text).texts
    assert any("run-to-run noise is unknown, and not in the intervals" in text for text in once)
    assert "holds the spread between" in text


def test_method_and_data_are_told() -> None:
    texts = Reader(made()).texts
    assert {"Answers are greedy.", "templated/prompts", "12,000"} <= set(texts)


def test_a_price_is_shown_where_one_is_declared() -> None:
    assert "Price, SGD" not in Reader(made()).texts
    shown = report()
    paid = dataclasses.replace(shown.costs["sft_r128"], money=1.5)
    priced = dataclasses.replace(shown, costs={**shown.costs, "sft_r128": paid})
    texts = Reader(page(priced, title="x", notes=(), versions=versions(), described={}, facts=FACTS)).texts
    assert {"Price, SGD", "1.50"} <= set(texts)
