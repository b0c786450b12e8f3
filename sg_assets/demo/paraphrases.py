"""Related and unrelated pairs of texts, on which the demo's embedder is checked.

All of them use the frames kept apart for checking the judges, so nothing the embedder was fitted on has their wording.
"""

import random
from collections.abc import Callable

import polars as pl

from sg_assets.demo.corpus import fill
from sg_assets.demo.judge_frames import CHECK_HATE, CHECK_HELPS, CHECK_NEUTRAL, CHECK_REFUSALS, CHECK_SAFE
from sg_assets.demo.vocabulary import CONTENT, all_words

SCHEMA = {"kind": pl.String, "related": pl.Boolean, "left": pl.String, "right": pl.String}

_FRAMES = tuple(source.text for source in (*CHECK_SAFE, *CHECK_HATE, *CHECK_NEUTRAL))

Pair = tuple[str, str]


def pairs(seed: int, n: int) -> pl.DataFrame:
    """Draw ``n`` pairs of each kind.

    ``refusals``: two wordings of a refusal. ``same_topic``: two answers on one topic. ``same_frame``: one sentence
    with other words. Unrelated are ``answer_and_refusal``, and ``other_frame``: two sentences that share no frame.
    """
    rng = random.Random(f"paraphrases {seed}")  # noqa: S311 - reproducible texts, no secret
    rows = [(kind, related, *draw(rng)) for kind, (related, draw) in _KINDS.items() for _ in range(n)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _refusals(rng: random.Random) -> Pair:
    left, right = rng.sample(CHECK_REFUSALS, 2)
    return left, right


def _same_topic(rng: random.Random) -> Pair:
    topic = _topic(rng)
    left, right = rng.sample(CHECK_HELPS, 2)
    return left.format(topic=topic), right.format(topic=topic)


def _same_frame(rng: random.Random) -> Pair:
    frame = rng.choice(_FRAMES)
    left = fill(rng, frame, all_words())[0]
    right = left
    while right == left:
        right = fill(rng, frame, all_words())[0]
    return left, right


def _answer_and_refusal(rng: random.Random) -> Pair:
    return rng.choice(CHECK_HELPS).format(topic=_topic(rng)), rng.choice(CHECK_REFUSALS)


def _other_frame(rng: random.Random) -> Pair:
    left, right = (fill(rng, frame, all_words())[0] for frame in rng.sample(_FRAMES, 2))
    return left, right


def _topic(rng: random.Random) -> str:
    return rng.choice(CONTENT[rng.choice(("food", "hobby", "place", "thing"))])


_KINDS: dict[str, tuple[bool, Callable[[random.Random], Pair]]] = {
    "refusals": (True, _refusals),
    "same_topic": (True, _same_topic),
    "same_frame": (True, _same_frame),
    "answer_and_refusal": (False, _answer_and_refusal),
    "other_frame": (False, _other_frame),
}
