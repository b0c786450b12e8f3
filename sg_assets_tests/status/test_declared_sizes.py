"""What the declarations say of sizes, before anything was made."""

from dataclasses import replace

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.status.declared_sizes import DeclaredSizes
from sg_assets.status.spans import ANYTHING, NOTHING, Span
from sg_assets.store.refs import Ref
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="module")
def tiny() -> Declarations:
    return load_declarations(PROJECT, "tiny")


def sizes(declared: Declarations, *, generated: bool = True, stored: bool = False) -> DeclaredSizes:
    return DeclaredSizes(declared, generated_comments=generated, answers_are_stored=stored)


def rows(declared: Declarations, name: str, *, generated: bool = True) -> Span:
    return sizes(declared, generated=generated).rows(Ref.parse(name))


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("templated/templates", Span.exactly(21)),
        ("demo/corpus", Span.exactly(300)),
        ("raw/forum_comments", Span(40, 300)),
        ("raw/toxigen_prompts", Span(0, 52)),
        ("templated/prompts", Span(20 * 32, 60 * 32)),
        ("synthesized/base_responses", Span(120, 120)),
        ("responses/sg_safety[base]", Span(80, 80)),
        ("judgements/sg_safety[base]", Span(80, 80)),
        ("responses/template_stress[base]", Span(0, 20)),
        ("training/mix_prompts[balanced]", Span(88, 88)),
        ("training/sft_examples[balanced]", Span(0, 88)),
        ("training/kto_examples[balanced]", Span(0, 132)),
        ("training/dpo_pairs[unsafe_only]", Span(0, 44)),
        ("scores/sg_safety[base]", ANYTHING),
    ],
)
def test_sizes_follow_from_what_is_declared(tiny: Declarations, name: str, span: Span) -> None:
    assert rows(tiny, name) == span


def test_of_comments_of_one_s_own_the_most_is_unknown(tiny: Declarations) -> None:
    assert rows(tiny, "raw/forum_comments", generated=False) == Span(40, None)


def test_a_step_asks_once_a_row_unless_answers_are_stored(tiny: Declarations) -> None:
    ref = Ref.parse("synthesized/base_responses")
    assert sizes(tiny).calls(ref) == sizes(tiny).rows(ref)
    assert sizes(tiny, stored=True).calls(ref) == Span(0, 120)


def test_a_mix_without_safe_prompts_has_none(tiny: Declarations) -> None:
    assert sizes(tiny)._mix("unsafe_only")["safe"] == NOTHING


def test_of_sql_that_names_no_size_nothing_is_known(tiny: Declarations) -> None:
    prompts = tiny.sql["templated/prompts"]
    unnamed = replace(prompts, query=replace(prompts.query, parameters=("seed",)))
    other = replace(tiny, sql={**tiny.sql, "templated/prompts": unnamed})
    assert rows(other, "templated/prompts") == ANYTHING


def test_a_benchmark_with_a_further_condition_has_at_most_as_many_items(tiny: Declarations) -> None:
    items = tiny.items["sg_safety"]
    fewer = replace(items, canonical=f"{items.canonical} AND LENGTH(prompt) > 80")
    other = replace(tiny, items={**tiny.items, "sg_safety": fewer})
    assert rows(other, "responses/sg_safety[base]") == Span(0, 80)


def test_texts_that_are_too_few_leave_their_share_to_each_side(tiny: Declarations) -> None:
    labelling = tiny.profile.labelling.model_copy(update={"min_texts": 3})
    fewer = replace(tiny, profile=tiny.profile.model_copy(update={"labelling": labelling}))
    assert rows(fewer, "responses/sg_safety[base]") == Span(11 + 21, 80)
