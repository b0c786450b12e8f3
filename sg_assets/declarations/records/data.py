"""Comments, labels, splits and sample sizes of a profile."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sg_assets.declarations.neutral_values import Neutral
from sg_assets.declarations.records.base import Count, Record, Share


class RawColumns(Record):
    """Column names accepted for each field of a comment; in each row, the first of them with a value is used."""

    text: tuple[str, ...] = ("text", "body", "comment", "content", "message", "post", "selftext")
    source: tuple[str, ...] = ("source", "subreddit", "forum", "thread")
    split: tuple[str, ...] = ("given_split",)
    """The column of a split that comes with the data (``train``, ``dev``, ``holdout``)."""
    author: Annotated[tuple[str, ...], Neutral(())] = ("author", "username")
    """The account that wrote a comment, compared with ``bots`` and not kept."""
    join_text_parts: Annotated[bool, Neutral(False)] = False
    """Whether a text that is a list of texts, or of objects with a ``text`` (as in Telegram's exports), is read as all
    of them joined. Where false, such a text is refused."""


class RawCsv(Record):
    """How CSV files are written, where that is not as RFC 4180 says."""

    delimiter: Literal[",", ";", "\t", "|"] | None = None
    """What stands between fields. Where absent, the one that gives the header a column of texts."""
    quote: Literal['"', "'"] | None = '"'
    """What stands around fields that hold delimiters, line ends or quotes; null where quotes are letters."""
    escape: Literal["double", "backslash"] = "double"
    """How a quote inside a quoted field is written: twice, or after a backslash. A backslash before another letter
    stays, and a field of a backslash and N alone has no value."""
    rows_in_texts: Annotated[bool, Neutral(True)] = False
    """Whether a quoted text may hold lines that look like rows of its file. Where false, such a text is refused: its
    closing quote was forgotten, and a later inch mark closes it."""


class Raw(Record):
    """How raw comments are read."""

    columns: RawColumns = RawColumns()
    csv: Annotated[RawCsv | None, Neutral(None)] = None
    bots: Annotated[tuple[str, ...], Neutral(())] = ("AutoModerator",)
    """Accounts that are bots, in any case: their comments are dropped, where files have a column of authors."""
    bot_phrases: Annotated[tuple[str, ...], Neutral(())] = ("I am a bot, and this action was performed automatically",)
    """What only bots write, in any case: a comment that contains one of these is dropped."""
    repair_mojibake: Annotated[bool, Neutral(False)] = False
    """Whether texts that were read with the wrong encoding are read again in the right one, where it can be known."""
    mask_personal_data: bool = True
    """Whether NRIC/FIN, phone numbers, e-mail addresses and handles are masked before anything is written."""
    keep_rejected_texts: bool = False
    """Whether ``raw/rejected_comments`` holds the (masked) texts too, not only their positions and the reasons."""


class Answers(Record):
    """What is done to answers of models before anything learns from them."""

    personal_data: Literal["keep", "mask", "drop"] = "keep"
    """``mask``: NRIC/FIN, phone numbers, e-mail addresses and handles in answers are masked in training tables.
    ``drop``: rows with such answers are left out. ``keep``: answers stay, and one that its table's check sees holds the
    table back. Stored answers are never changed."""
    at_most: Annotated[Share, Field(gt=0)] = 0.05
    """The largest share of a training table's rows that may be masked or left out; beyond it the step fails."""


class Labelling(Record):
    """Which judge scores count as confident labels for raw comments."""

    safe_at_most: Share
    unsafe_at_least: Share
    min_texts: Count
    """Fewest confident texts per label; with fewer, the step fails."""

    @model_validator(mode="after")
    def _apart(self) -> "Labelling":
        if self.safe_at_most >= self.unsafe_at_least:
            raise ValueError("safe_at_most must be below unsafe_at_least")
        return self


class Side(Record):
    """The size of one split: texts per label, and prompts per label kept of these texts."""

    texts: Count | None = None
    """Texts per label; needed where whole texts go to one split."""
    pairs: Count


class Splits(Record):
    """The split of prompts."""

    unit: Literal["text", "pair"] = "text"
    """``text``: whole texts go to one split, so no text is in two. ``pair``: prompts are split singly, as in the
    article, whose hold-out shares nearly every text with its training set."""
    train: Side
    dev: Side
    holdout: Side

    @property
    def sides(self) -> dict[str, Side]:
        """By name; the split that chooses last comes first."""
        return {"train": self.train, "dev": self.dev, "holdout": self.holdout}

    def units(self, side: str) -> int:
        """How many units per label a split takes."""
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
    """The sample sizes of the profile."""

    corpus_comments: Count | None = None
    """Comments to generate where no folder of comments is given. Where absent, nothing is generated, and SG_RAW and
    SG_TOXIGEN_DIR are needed."""
    judge_texts: Count | None = None
    """Generated texts each fitted judge is fitted and checked on."""
    pretraining_rows: Count | None = None
    """Generated chats that chat models with a seed are trained on."""
    mix_prompts: Count
    """Prompts of a mix of size 1."""
    stress_prompts: Count
    """The most held-out safe texts to put into the templates that are kept away from safe texts."""
    toxigen_per_file: Count | None = None
    """Prompts taken per TOXIGEN group and label; all prompts where absent."""
