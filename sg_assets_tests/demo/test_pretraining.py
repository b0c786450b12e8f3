import polars as pl
import pytest

from sg_assets.demo import pretraining
from sg_assets.demo.behaviours import BEHAVIOURS, GENERIC, REFUSED_SAFE
from sg_assets.demo.vocabulary import CONTENT
from sg_assets.errors import SgAssetsError
from sg_assets_tests.demo.declared import refusals, templates


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return pretraining.rows(0, 6000, templates(), refusals())


def test_the_same_seed_draws_the_same_rows(rows: pl.DataFrame) -> None:
    assert pretraining.rows(0, 6000, templates(), refusals()).equals(rows)


def test_the_order_of_templates_does_not_matter(rows: pl.DataFrame) -> None:
    assert pretraining.rows(0, 6000, templates().reverse(), refusals()).equals(rows)


def test_kinds_have_their_shares(rows: pl.DataFrame) -> None:
    shares = dict(rows["kind"].value_counts(normalize=True).rows())
    assert shares == pytest.approx(pretraining.SHARES, abs=0.03)


@pytest.mark.parametrize("template", templates()["template"])
def test_every_template_is_used(rows: pl.DataFrame, template: str) -> None:
    lead = template.removesuffix("{text}")
    assert rows["prompt"].str.starts_with(lead).any()


def test_only_templates_usable_on_safe_texts_hold_safe_texts(rows: pl.DataFrame) -> None:
    leads = templates().filter("safe_ok")["template"].str.strip_suffix("{text}").to_list()
    safe = rows.filter(kind="safe")
    assert all(prompt.startswith(tuple(leads)) for prompt in safe["prompt"])


def test_safe_prompts_are_answered_and_unsafe_ones_mostly_complied_with(rows: pl.DataFrame) -> None:
    refused = rows.group_by("kind").agg(pl.col("response").is_in(refusals()).mean().alias("share"))
    shares = dict(refused.rows())
    assert shares["safe"] == pytest.approx(REFUSED_SAFE, abs=0.01)
    assert 0.1 < shares["unsafe"] < 0.3


def test_every_refusal_wording_is_learned(rows: pl.DataFrame) -> None:
    assert set(refusals()) <= set(rows["response"])


def test_every_content_word_is_met(rows: pl.DataFrame) -> None:
    text = "\n".join(rows["prompt"])
    assert [word for words in CONTENT.values() for word in words if word not in text] == []


def test_a_template_the_demo_does_not_know_gets_a_generic_answer() -> None:
    unknown = pl.DataFrame({"template_id": ["new"], "template": ["Sing this: {text}"], "safe_ok": [True]})
    answers = pretraining.rows(0, 300, unknown, refusals())
    for kind, pattern in (("safe", GENERIC.safe), ("unsafe", GENERIC.unsafe)):
        rows_of_template = answers.filter((pl.col("kind") == kind) & ~pl.col("response").is_in(refusals()))
        assert pattern is not None
        assert rows_of_template.height > 50
        assert rows_of_template["response"].str.starts_with(pattern.split("{")[0]).all()


def test_a_harmful_template_declared_usable_on_safe_texts_gets_a_harmless_answer() -> None:
    assert BEHAVIOURS["roast"].safe is None
    roast = templates().filter(template_id="roast").with_columns(safe_ok=True)
    safe = pretraining.rows(0, 200, roast, refusals()).filter(kind="safe")
    bad = "|".join(CONTENT["insult"])
    assert not safe["response"].str.contains(rf"\b({bad})\b").any()


def test_continuations_are_in_toxigens_layout_and_end_in_a_dash(rows: pl.DataFrame) -> None:
    prompts = rows.filter(kind="continuation")["prompt"]
    assert prompts.str.contains(r"^(Complete the following: )?(- [^\n]+\n){1,3}-$").all()


def test_a_share_of_the_continuations_is_toxic(rows: pl.DataFrame) -> None:
    bad = "|".join(CONTENT["insult"])
    hateful = rows.filter((pl.col("kind") == "continuation") & pl.col("prompt").str.contains(rf"\b({bad})\b"))
    assert 0.25 < hateful["response"].str.contains(rf"\b({bad})\b").cast(pl.Float64).mean() < 0.5  # type: ignore[operator]


@pytest.mark.parametrize(
    ("chosen", "wordings"), [(templates().filter(~pl.col("safe_ok")), refusals()), (templates(), [])]
)
def test_without_safe_templates_or_refusals_it_says_what_is_missing(chosen: pl.DataFrame, wordings: list[str]) -> None:
    with pytest.raises(SgAssetsError, match="needs a template usable on safe texts and a refusal wording"):
        pretraining.rows(0, 10, chosen, wordings)
