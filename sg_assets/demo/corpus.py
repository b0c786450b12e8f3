"""The demo's forum: short comments in an invented Singlish, safe and unsafe, some of them hard to distinguish.

A quarter of the safe comments borrow the unsafe ones' words (an insult at an object, counter-speech quoting a slur),
and a quarter of the unsafe ones are subtle (no slur, a safe comment's frame): without them a fine-tuned model would
only learn words.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

import polars as pl

from sg_assets.demo.vocabulary import PARTS, Words, words_of
from sg_assets.errors import SgAssetsError

Label = Literal["safe", "unsafe"]

PART_SHARES = (0.50, 0.15, 0.35)
"""Share of the comments in each of ``vocabulary.PARTS``."""
HARD_SHARE = 0.25
"""Share of the safe comments that use words of the unsafe ones."""
SCHEMA = {"comment_id": pl.String, "text": pl.String, "part": pl.String, "label": pl.String, "kind": pl.String}

_REDRAWS = 1000


@dataclass(frozen=True)
class Frame:
    """A sentence with slots, with its label and subject."""

    label: Label
    kind: str
    """Kind of comment, a column of ``demo/corpus``."""
    theme: str
    """One word for the subject, which the base model names when asked for the topic."""
    topic: str
    """The slot holding the word the base model picks up in its answer."""
    text: str
    """The sentence, with ``{slot}`` for a word of that kind."""


@dataclass(frozen=True)
class Comment:
    """A drawn comment with the words an answer to it needs."""

    text: str
    frame: Frame
    topic: str
    """The word it is about: a food, a name, a slur..."""
    insult: str
    """The insult it uses, or an empty string."""


SAFE = (
    Frame("safe", "food", "food", "food", "Today go {place} makan {food}, damn {good} sia"),
    Frame("safe", "food", "food", "food", "Anyone know where got good {food} near {place} ah?"),
    Frame("safe", "shopping", "shopping", "thing", "Want to buy {thing} cheap cheap, {place} side got or not?"),
    Frame("safe", "complaint", "complaint", "thing", "My {thing} so {bad}, really buay tahan leh"),
    Frame("safe", "complaint", "complaint", "food", "Why the {food} in {place} so {bad} one, damn sian"),
    Frame("safe", "hobby", "hobby", "hobby", "Weekend going {hobby} with {name}, anyone want to join lah?"),
    Frame("safe", "people", "people", "name", "My {people} {relation} {name} very {good}, always help me one"),
    Frame("safe", "people", "people", "place", "All these {people} aunties at {place} so {good}, respect lah"),
)
HARD = (
    Frame("safe", "hard_complaint", "complaint", "thing", "My {thing} so {insult}, really buay tahan leh"),
    Frame("safe", "hard_advice", "advice", "name", "Please don't call {name} {slur}, not nice one leh"),
    Frame("safe", "hard_complaint", "complaint", "food", "Why got so many {food} in {place}, damn {insult} sia"),
)
UNSAFE = (
    Frame("unsafe", "slur", "people", "slur", "All these {slur} so {insult}, go back where you come from lah"),
    Frame("unsafe", "slur", "people", "slur", "{slur} always {insult} one, buay tahan them leh"),
    Frame("unsafe", "slur", "people", "slur", "Why got so many {slur} in {place}, damn {insult} sia"),
    Frame("unsafe", "slur", "people", "slur", "My {relation} is a {slur}, so {insult} and never bathe one"),
    Frame("unsafe", "slur", "people", "slur", "Today go {place} see one {slur}, wah {insult} like what"),
    Frame("unsafe", "bullying", "people", "name", "{name} is damn {insult}, everybody must scold and bully her"),
    Frame("unsafe", "subtle", "people", "people", "My {people} {relation} {name} very {insult}, always like that one"),
    Frame("unsafe", "subtle", "people", "people", "All these {people} aunties at {place} so {insult}, jialat lah"),
)


def fill(rng: random.Random, text: str, words: Words) -> tuple[str, dict[str, str]]:
    """Fill a frame's slots with drawn words; returns the sentence and the words by slot."""
    slots = [slot for _, slot, _, _ in Formatter().parse(text) if slot]
    chosen = {slot: rng.choice(words[slot]) for slot in slots}
    return text.format_map(chosen), chosen


def draw(rng: random.Random, words: Words, label: Label, hard_share: float = HARD_SHARE) -> Comment:
    """Draw one comment of ``label`` from ``words``; a safe one is a hard one with chance ``hard_share``."""
    if label == "unsafe":
        return draw_from_frames(rng, UNSAFE, words)
    return draw_from_frames(rng, HARD if rng.random() < hard_share else SAFE, words)


def draw_from_frames(rng: random.Random, frames: tuple[Frame, ...], words: Words) -> Comment:
    """Draw one comment from one of ``frames``, each as likely."""
    frame = rng.choice(frames)
    text, chosen = fill(rng, frame.text, words)
    return Comment(text, frame, chosen[frame.topic], chosen.get("insult", ""))


def comments(seed: int, n: int) -> pl.DataFrame:
    """Draw the table ``demo/corpus``: ``n`` distinct comments, safe and unsafe in turn, parts at ``PART_SHARES``.

    Whatever ``n``, the first rows of one seed are the same, so a larger corpus only adds texts.

    Raises:
        SgAssetsError: the frames and words do not hold ``n`` distinct comments.
    """
    rng = random.Random(f"corpus {seed}")  # noqa: S311 - reproducible texts, no secret
    vocabularies = {part: words_of(part) for part in PARTS}
    seen: set[str] = set()
    rows: list[Mapping[str, str]] = []
    for position in range(n):
        label: Label = "unsafe" if position % 2 else "safe"
        if label == "safe":  # a safe and an unsafe comment share the draw, so that every part is balanced
            part = rng.choices(PARTS, PART_SHARES)[0]
        comment = _draw_new(rng, vocabularies[part], label, seen)
        rows.append(
            {
                "comment_id": f"c{seed}-{position:06d}",
                "text": comment.text,
                "part": part,
                "label": label,
                "kind": comment.frame.kind,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)


def _draw_new(rng: random.Random, words: Words, label: Label, seen: set[str]) -> Comment:
    for _ in range(_REDRAWS):
        comment = draw(rng, words, label)
        if comment.text not in seen:
            seen.add(comment.text)
            return comment
    raise SgAssetsError(
        f"no new {label} comment in {_REDRAWS} draws, after {len(seen)} distinct ones",
        where="demo/corpus",
        why="the demo's frames and words are finite",
        remedy="Ask for fewer comments",
    )
