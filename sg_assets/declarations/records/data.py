"""Comments, labels, splits and sample sizes of a profile."""

from typing import Literal

from pydantic import model_validator

from sg_assets.declarations.records.base import Count, Record, Share


class RawColumns(Record):
    """Column names accepted for each field of a comment; the first that a file has wins."""

    text: tuple[str, ...] = ("text", "body", "comment", "content", "message", "post", "selftext")
    source: tuple[str, ...] = ("source", "subreddit", "forum", "thread")
    split: tuple[str, ...] = ("given_split",)
    """A split that comes with the data (``train``, ``dev``, ``holdout``)."""


class Raw(Record):
    """How raw comments are read."""

    columns: RawColumns = RawColumns()
    mask_personal_data: bool = True
    """Whether NRIC/FIN, phone numbers, e-mail addresses and handles are masked before anything is written."""
    keep_rejected_texts: bool = False
    """Whether ``raw/rejected_comments`` holds the (masked) texts too, not only where they stood and why they went."""


class Labelling(Record):
    """Which judge scores count as confident labels for raw comments."""

    safe_at_most: Share
    unsafe_at_least: Share
    min_texts: Count
    """Fewest confident texts per label to go on with."""

    @model_validator(mode="after")
    def _apart(self) -> "Labelling":
        if self.safe_at_most >= self.unsafe_at_least:
            raise ValueError("safe_at_most must be below unsafe_at_least")
        return self


class Side(Record):
    """One side of the split: its texts per label, and how many of their prompts are kept per label."""

    texts: Count | None = None
    """Needed where whole texts go to a side."""
    pairs: Count


class Splits(Record):
    """The split of prompts."""

    unit: Literal["text", "pair"] = "text"
    """``text``: whole texts go to a side, none is on two. ``pair``: single prompts do, as in the article, whose
    hold-out shares nearly every text with its training set."""
    train: Side
    dev: Side
    holdout: Side

    @property
    def sides(self) -> dict[str, Side]:
        """By name; the one that chooses last comes first."""
        return {"train": self.train, "dev": self.dev, "holdout": self.holdout}

    def units(self, side: str) -> int:
        """How many units per label a side takes."""
        declared = self.sides[side]
        return declared.pairs if self.unit == "pair" else declared.texts or 0

    @model_validator(mode="after")
    def _texts_declared(self) -> "Splits":
        for name, side in self.sides.items():
            if (side.texts is None) != (self.unit == "pair"):
                needed = "does not apply" if self.unit == "pair" else "is needed"
                raise ValueError(f"{name}.texts {needed} where unit is '{self.unit}'")
        return self


class Samples(Record):
    """How much of everything the profile takes."""

    corpus_comments: Count | None = None
    """Generated comments, where no folder of comments is given. A profile without generates none, and needs SG_RAW and
    SG_TOXIGEN_DIR."""
    judge_texts: Count | None = None
    """Generated texts each fitted judge is fitted and checked on."""
    pretraining_rows: Count | None = None
    """Generated chats that chat models with a seed are trained on."""
    mix_prompts: Count
    """Prompts of a mix of size 1."""
    stress_prompts: Count
    """Held-out safe texts in templates that are kept away from safe texts, at most."""
    toxigen_per_file: Count | None = None
    """Prompts taken per TOXIGEN group and label; all of them where absent."""
