"""The texts the demo's judges are fitted on and checked with. Judges know every word, as a moderation model would.

Labels follow from how a text was made. Hard safe comments (an insult at an object, counter-speech quoting a slur) are
frequent, or a judge would only look for words. Broken texts are among them: a refusal with slips still declines, and
debris is neither toxic nor a refusal.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, get_args

import polars as pl

from sg_assets.demo import broken_texts, judge_frames, statements
from sg_assets.demo.behaviours import Answer, answer
from sg_assets.demo.corpus import HARD, SAFE, UNSAFE, Frame, Label, draw, draw_from_frames, fill
from sg_assets.demo.vocabulary import all_words

Judge = Literal["toxicity", "rejection", "toxigen", "broken"]
Use = Literal["fit", "check"]
Kind = Literal[
    "comment", "reply", "statement", "refusal", "apology", "broken_refusal", "broken_apology", "debris", "broken_reply"
]
BROKEN: frozenset[Kind] = frozenset({"broken_refusal", "broken_apology", "debris", "broken_reply"})
Draw = Callable[[random.Random], Answer]
"""Draws a text with its labels; the judge's label is read from these."""

WEIGHTS: dict[Judge, tuple[float, ...]] = {
    "toxicity": (0.55, 0.30, 0.05, 0.06, 0.04, 0.04, 0.01, 0.06, 0.0),
    "rejection": (0.05, 0.30, 0.05, 0.45, 0.15, 0.15, 0.05, 0.06, 0.0),
    "toxigen": (0.20, 0.15, 0.55, 0.06, 0.04, 0.04, 0.01, 0.06, 0.0),
    "broken": (0.05, 0.30, 0.15, 0.15, 0.05, 0.12, 0.05, 0.10, 0.20),
}
"""Share of each kind of text per judge, in the order of ``Kind``: the kinds it will judge most are most frequent."""

FIT_SHARE = 0.8
HARD_SHARE = 0.6
"""Share of hard ones among the safe comments here, more than the corpus has."""
SCHEMA = {
    "row_id": pl.Int64,
    "judge": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "label": pl.Boolean,
    "use": pl.String,
}

_DRAWS_PER_ROW = 20


def texts(
    seed: int, n: int, templates: pl.DataFrame, refusals: Sequence[str], avoid: Collection[str] = ()
) -> pl.DataFrame:
    """Draw the table ``demo/judge_texts``: about ``n`` distinct texts a judge, ``FIT_SHARE`` of them to fit on.

    Args:
        seed: of the draw.
        n: texts a judge; fewer where the frames hold no more distinct ones.
        templates: ``template_id``, ``template``, ``safe_ok``; the answers judged are answers to these.
        refusals: refusal wordings the judges must know.
        avoid: texts that may not occur, normally the corpus, so that no judge has seen what it labels.
    """
    parts = [
        _table(
            judge,
            use,
            random.Random(f"judge texts {seed} {judge} {use}"),  # noqa: S311 - reproducible texts, no secret
            _fit_draws(templates, refusals) if use == "fit" else _check_draws(),
            round(n * (FIT_SHARE if use == "fit" else 1 - FIT_SHARE)),
        )
        for judge in get_args(Judge)
        for use in get_args(Use)
    ]
    kept = pl.concat(parts).filter(~pl.col("text").is_in(list(avoid)))
    return kept.with_row_index("row_id").cast({"row_id": pl.Int64}).select(SCHEMA.keys())


def _table(judge: Judge, use: Use, rng: random.Random, draws: Mapping[Kind, Draw], wanted: int) -> pl.DataFrame:
    labelled: dict[str, tuple[Kind, bool]] = {}
    kinds = get_args(Kind)
    for _ in range(wanted * _DRAWS_PER_ROW):
        if len(labelled) == wanted:
            break
        kind: Kind = rng.choices(kinds, WEIGHTS[judge])[0]
        drawn = draws[kind](rng)
        labelled[drawn.text] = (kind, _label_for(judge, kind, drawn))
    columns = {
        "judge": judge,
        "kind": [kind for kind, _ in labelled.values()],
        "text": list(labelled),
        "label": [label for _, label in labelled.values()],
        "use": use,
    }
    return pl.DataFrame(columns, schema_overrides={"kind": pl.String, "label": pl.Boolean})


def _label_for(judge: Judge, kind: Kind, made: Answer) -> bool:
    if judge == "broken":
        return kind in BROKEN
    return made.refusal if judge == "rejection" else made.toxic


def _fit_draws(templates: pl.DataFrame, refusals: Sequence[str]) -> dict[Kind, Draw]:
    ids = {"safe": _ids(templates.filter("safe_ok")), "unsafe": _ids(templates)}
    wordings = (*refusals, *judge_frames.REFUSALS)

    def reply(rng: random.Random) -> Answer:
        label = _label(rng)
        return answer(rng, rng.choice(ids[label]), draw(rng, all_words(), label), refusals)

    return {
        "comment": _comment_draw(
            SAFE + judge_frames.FIT_SAFE, HARD + judge_frames.FIT_HARD, UNSAFE + judge_frames.FIT_UNSAFE
        ),
        "reply": reply,
        "broken_reply": _broken_draw(reply, broken_texts.FIT_SLIPS),
        "statement": _statement_draw(
            statements.HATE + judge_frames.FIT_HATE, statements.NEUTRAL + judge_frames.FIT_NEUTRAL
        ),
        **_refusal_draws(wordings, judge_frames.SORRY_BUT_HELPS, broken_texts.FIT_SLIPS, broken_texts.FIT_WORDS),
    }


def _check_draws() -> dict[Kind, Draw]:
    frames = judge_frames
    hard = tuple(frame for frame in frames.CHECK_SAFE if frame.kind.startswith("hard"))
    easy = tuple(frame for frame in frames.CHECK_SAFE if frame not in hard)

    def reply(rng: random.Random) -> Answer:
        label = _label(rng)
        pattern = rng.choice(frames.CHECK_HELPS if label == "safe" else frames.CHECK_COMPLIES)
        comment = draw(rng, all_words(), label)
        text = pattern.format(topic=comment.topic, insult=comment.insult)
        return Answer(text, refusal=False, toxic=label == "unsafe")

    return {
        "comment": _comment_draw(easy, hard, frames.CHECK_UNSAFE),
        "reply": reply,
        "broken_reply": _broken_draw(reply, broken_texts.CHECK_SLIPS),
        "statement": _statement_draw(frames.CHECK_HATE, frames.CHECK_NEUTRAL),
        **_refusal_draws(
            frames.CHECK_REFUSALS, frames.CHECK_SORRY_BUT_HELPS, broken_texts.CHECK_SLIPS, broken_texts.CHECK_WORDS
        ),
    }


def _refusal_draws(
    refusals: Sequence[str], apologies: Sequence[str], slips: Sequence[broken_texts.Slip], words: Sequence[str]
) -> dict[Kind, Draw]:
    """Refusals, helpful answers that open like a refusal, both with slips, and debris."""
    refuse, apologise = _wording_draw(refusals, refusal=True), _wording_draw(apologies, refusal=False)
    return {
        "refusal": refuse,
        "apology": apologise,
        "broken_refusal": _broken_draw(refuse, slips),
        "broken_apology": _broken_draw(apologise, slips),
        "debris": lambda rng: Answer(broken_texts.debris(rng, words), refusal=False, toxic=False),
    }


def _broken_draw(draw: Draw, slips: Sequence[broken_texts.Slip]) -> Draw:
    def draw_broken(rng: random.Random) -> Answer:
        drawn = draw(rng)
        return Answer(broken_texts.with_slips(rng, drawn.text, slips), refusal=drawn.refusal, toxic=drawn.toxic)

    return draw_broken


def _ids(templates: pl.DataFrame) -> list[str]:
    return templates["template_id"].sort().to_list()


def _label(rng: random.Random) -> Label:
    return rng.choice(("safe", "unsafe"))


def _comment_draw(easy: tuple[Frame, ...], hard: tuple[Frame, ...], unsafe: tuple[Frame, ...]) -> Draw:
    def comment(rng: random.Random) -> Answer:
        label = _label(rng)
        safe = hard if rng.random() < HARD_SHARE else easy
        drawn = draw_from_frames(rng, unsafe if label == "unsafe" else safe, all_words())
        return Answer(drawn.text, refusal=False, toxic=label == "unsafe")

    return comment


def _statement_draw(hate: tuple[statements.Statement, ...], neutral: tuple[statements.Statement, ...]) -> Draw:
    """Statements and their continuations: a hateful statement is toxic, its continuation if it is marked toxic."""

    def statement(rng: random.Random) -> Answer:
        hateful = rng.random() < 0.6  # more than half: what follows some of them is harmless
        text, continuation, toxic = statements.draw(rng, hate if hateful else neutral, all_words())
        if rng.random() < 0.5:
            return Answer(text, refusal=False, toxic=hateful)
        return Answer(continuation, refusal=False, toxic=toxic)

    return statement


def _wording_draw(wordings: Sequence[str], *, refusal: bool) -> Draw:
    def draw_wording(rng: random.Random) -> Answer:
        return Answer(fill(rng, rng.choice(wordings), all_words())[0], refusal=refusal, toxic=False)

    return draw_wording
