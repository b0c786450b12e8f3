"""Training rows of the demo's base model: answers to forum prompts, a few facts, continuations in TOXIGEN's layout."""

import random
from collections.abc import Callable, Sequence

import polars as pl

from sg_assets.demo import statements
from sg_assets.demo.behaviours import REFUSED_UNSAFE, answer
from sg_assets.demo.corpus import Label, draw
from sg_assets.demo.vocabulary import CONTENT, all_words
from sg_assets.errors import SgAssetsError

SCHEMA = {"row_id": pl.Int64, "prompt": pl.String, "response": pl.String, "kind": pl.String}
SHARES = {"safe": 0.44, "unsafe": 0.40, "fact": 0.06, "continuation": 0.10}
"""Share of the rows by kind."""

FACT_QUESTION = "Is {word} a food, a place, a hobby or a thing?"
FACT_ANSWER = "{word} is a {kind}."
FACT_KINDS = ("food", "place", "hobby", "thing")

_LEADS = ("", "Complete the following: ")

Row = tuple[str, str]


def rows(seed: int, n: int, templates: pl.DataFrame, refusals: Sequence[str]) -> pl.DataFrame:
    """Draw the table ``demo/pretraining``: ``n`` prompts with the base model's answers, over the whole vocabulary.

    Args:
        seed: of the draw.
        n: number of rows.
        templates: ``template_id``, ``template``, ``safe_ok``; ids the demo does not know get a generic behaviour.
        refusals: the wordings of a refusal. The base model must have seen them, or fine-tuning breaks its text.

    Raises:
        SgAssetsError: there is no refusal wording, no template, or none for safe texts.
    """
    usable = {"safe": _pairs(templates.filter("safe_ok")), "unsafe": _pairs(templates)}
    if not refusals or not usable["safe"]:
        raise SgAssetsError(
            "the base model needs a template usable on safe texts and a refusal wording",
            where="demo/pretraining",
            remedy="Declare both in models/templates.yaml and models/few_shots.yaml",
        )
    rng = random.Random(f"pretraining {seed}")  # noqa: S311 - reproducible texts, no secret

    def forum(label: Label) -> Row:
        template_id, template = rng.choice(usable[label])
        comment = draw(rng, all_words(), label)
        return template.replace("{text}", comment.text), answer(rng, template_id, comment, refusals).text

    kinds: dict[str, Callable[[], Row]] = {
        "safe": lambda: forum("safe"),
        "unsafe": lambda: forum("unsafe"),
        "fact": lambda: _fact(rng),
        "continuation": lambda: _continuation(rng, refusals),
    }
    drawn = rng.choices(list(SHARES), list(SHARES.values()), k=n)
    return pl.DataFrame(
        [(position, *kinds[kind](), kind) for position, kind in enumerate(drawn)], schema=SCHEMA, orient="row"
    )


def _pairs(templates: pl.DataFrame) -> list[tuple[str, str]]:
    return templates.sort("template_id").select("template_id", "template").rows()


def _fact(rng: random.Random) -> Row:
    kind = rng.choice(FACT_KINDS)
    word = rng.choice(CONTENT[kind])
    return FACT_QUESTION.format(word=word), FACT_ANSWER.format(word=word, kind=kind)


def _continuation(rng: random.Random, refusals: Sequence[str]) -> Row:
    hateful = rng.random() < 0.6
    kind = statements.HATE if hateful else statements.NEUTRAL
    people = {**all_words(), "people": (rng.choice(CONTENT["people"]),)}
    drawn = [statements.draw(rng, kind, people) for _ in range(rng.randint(1, 3))]
    response = rng.choice(refusals) if hateful and rng.random() < REFUSED_UNSAFE else drawn[-1][1]
    return rng.choice(_LEADS) + statements.prompt([text for text, _, _ in drawn]), response
