"""What scores in a judge's place: its implementation in a profile, by kind. The judge itself is the ruler."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import KIND_TAG, LISTED, Record, Share, kind_tag
from sg_assets.declarations.records.embedder import SentenceTransformers, TorchOptions
from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.errors import nearest

Cut = Annotated[float, Field(allow_inf_nan=False)]
"""A score at or above which a flag is raised; raw scores of a head may lie outside of 0 to 1."""
Seen = Literal["prompt", "response"]
_PATTERN_LETTERS = 500


class ScoreFilter(Record):
    """Texts that a judge is known to miss: patterns over the text it scores."""

    patterns: dict[SafeName, Annotated[str, Field(min_length=1, max_length=_PATTERN_LETTERS)]] = Field(
        min_length=1, max_length=50
    )
    """Regular expressions in RE2's syntax, which takes linear time; `(?i)` ignores case."""
    score: Cut = 1.0
    """The least score of a text that a pattern matches. It must reach every threshold of the judge."""

    @field_validator("patterns")
    @classmethod
    def _compile(cls, patterns: dict[str, str]) -> dict[str, str]:
        import duckdb

        from sg_assets.store.engine import WITHOUT_SCANS

        with duckdb.connect(config={**WITHOUT_SCANS}) as connection:
            for name, pattern in patterns.items():
                try:
                    row = connection.execute("SELECT regexp_matches('', $1)", [pattern]).fetchone()
                except duckdb.Error as error:
                    why = str(error).splitlines()[0]
                    raise ValueError(f"pattern '{name}' is not an expression of RE2: {why}") from None
                if row == (True,):
                    raise ValueError(f"pattern '{name}' matches an empty text, so it matches every text")
        return patterns


class LinearJudge(Record):
    """Ours: fitted here on generated texts. A demo judge, with the thresholds of `models/judges`."""

    kind: Literal["linear"]
    filter: ScoreFilter | None = None
    """Texts that the judge is known to miss."""


class ScoringModel(Record):
    """What judges that are not ours have in common."""

    thresholds: dict[SafeName, Cut] = Field(min_length=1)
    """Scores at or above which the flag is raised, by name. They belong to this model: those of `models/judges` are
    of the judge that is fitted here."""
    threshold: SafeName
    """The name of the threshold in use; versioned apart from the scores."""
    sees: Annotated[tuple[Seen, ...], LISTED] = ("response",)
    """What the judge is shown of an answered prompt: `[response]`, or `[prompt, response]`."""
    template: Annotated[str, Field(max_length=2000)] | None = None
    """The text that the judge is shown, with `{prompt}` and `{response}` in it. Without one, a judge that sees both
    gets them as a pair of texts, as its tokenizer joins them."""
    filter: ScoreFilter | None = None
    """Texts that the judge is known to miss."""

    @model_validator(mode="before")
    @classmethod
    def _has_its_own_thresholds(cls, content: object) -> object:
        if isinstance(content, dict) and not {"thresholds", "threshold"} <= content.keys():
            raise ValueError(
                "thresholds and threshold are needed: they belong to judge and model, and those of models/judges are"
                " of the judge that is fitted here"
            )
        return content

    @field_validator("sees")
    @classmethod
    def _in_order(cls, sees: tuple[Seen, ...]) -> tuple[Seen, ...]:
        if sees not in (("response",), ("prompt", "response")):
            raise ValueError("write [response] or [prompt, response]")
        return sees

    @model_validator(mode="after")
    def _named(self) -> "ScoringModel":
        if self.threshold not in self.thresholds:
            raise ValueError(f"unknown threshold '{self.threshold}'. {nearest(self.threshold, self.thresholds)}")
        highest = max(self.thresholds.values())
        if self.filter is not None and self.filter.score < highest:
            raise ValueError(
                f"filter.score {self.filter.score:g} is below the threshold {highest:g}: no flag is raised"
            )
        return self

    @model_validator(mode="after")
    def _shown(self) -> "ScoringModel":
        if self.template is None:
            return self
        for part in ("prompt", "response"):
            if (part in self.sees) != (f"{{{part}}}" in self.template):
                raise ValueError(f"template and sees differ: '{{{part}}}' stands in one of them alone")
        return self

    @property
    def sees_prompt(self) -> bool:
        """Whether a text alone is not enough to score it."""
        return "prompt" in self.sees

    @property
    def scores_are_shares(self) -> bool:
        """Whether every score lies between 0 and 1."""
        return True


class SequenceClassification(ScoringModel, TorchOptions):
    """A classifier with a label for each text (transformers); the score is the probability of the labels named."""

    kind: Literal["sequence_classification"]
    model: ModelFiles
    """Its files."""
    labels: Annotated[tuple[str, ...], LISTED] | None = None
    """The names of its outputs in order, in place of those in its configuration, such as `LABEL_0`."""
    score_of: Annotated[tuple[str, ...], LISTED, Field(min_length=1)]
    """The labels whose probabilities add up to the score, whichever label is the likeliest."""
    activation: Literal["softmax", "sigmoid"] = "softmax"
    """How outputs become probabilities: labels that exclude each other, or each for itself (one label alone)."""
    max_length: Annotated[int, Field(ge=8, le=32768)] = 512
    """Tokens that the model reads; the rest of a longer text is cut off, and the share of such texts is recorded."""

    @model_validator(mode="after")
    def _labels_are_named_once(self) -> "SequenceClassification":
        if len(set(self.score_of)) != len(self.score_of) or len(set(self.labels or ())) != len(self.labels or ()):
            raise ValueError("name each label once")
        if self.activation == "sigmoid" and len(self.score_of) > 1:
            raise ValueError("with sigmoid the labels do not exclude each other: name one in score_of")
        names = self.labels or self.score_of
        for label in self.score_of:
            if label not in names:
                raise ValueError(f"score_of: unknown label '{label}'. {nearest(label, names)}")
        return self


class HeadFile(Record):
    """A head made elsewhere: an ONNX classifier over embeddings, as LionGuard has one for each category."""

    model: ModelFiles
    """Its repository."""
    file: str = Field(pattern=r"^\w[\w.-]*(/\w[\w.-]*)*\.onnx$", max_length=200)
    """The file in it."""
    output: Literal["probability", "raw"]
    """What its second output holds: probabilities by label, of which that of label 1 is the score, or raw scores."""

    @property
    def pinned(self) -> ModelFiles:
        """The one file of its repository."""
        return self.model.model_copy(update={"weights": (self.file,)})


class HeadFit(Record):
    """A head that is fitted here on labelled texts, and measured on texts whose groups it has not seen."""

    texts: str = Field(pattern=r"^\w+/\w+$")
    """The table of labelled texts: `raw/toxigen_sentences`, or one that an SQL file makes."""
    text: SafeName = "text"
    """Its column of texts."""
    label: SafeName = "label"
    """Its column of labels, BOOLEAN: whether the judge should raise its flag."""
    group: SafeName = "group"
    """Its column of groups; a group is fitted on or measured on, never both."""
    slices: Annotated[tuple[SafeName, ...], LISTED] = ()
    """Further columns by whose values the error is shown; it is shown by group in any case."""
    head: Literal["logistic", "ridge"] = "logistic"
    """A logistic regression, or a ridge classifier as LionGuard 1 has; both balanced over the labels."""
    penalty: float = Field(default=1.0, gt=0)
    """How strongly weights are drawn to zero: ridge's alpha, the inverse of the logistic regression's C."""
    calibration: Literal["sigmoid", "none"] = "sigmoid"
    """`sigmoid` gives probabilities, by Platt's method over groups that are not fitted on; `none` gives raw scores."""
    held_out: Share = 0.25
    """The share of groups to measure on."""


class EmbeddingHead(ScoringModel):
    """A linear head over the vectors of an embedder, in LionGuard 1's shape."""

    kind: Literal["embedding_head"]
    embedder: SentenceTransformers | None = None
    """What turns texts into vectors; the profile's embedder where absent."""
    head: HeadFile | None = None
    """The head, made elsewhere."""
    fit: HeadFit | None = None
    """How the head is fitted here."""

    @model_validator(mode="after")
    def _one_head(self) -> "EmbeddingHead":
        if (self.head is None) == (self.fit is None):
            raise ValueError("needs either head (made elsewhere) or fit (fitted here), not both")
        if self.head is not None and self.embedder is None:
            raise ValueError("a head made elsewhere needs the embedder that it was made with")
        if self.sees_prompt and self.template is None:
            raise ValueError("an embedder takes one text: a judge that sees prompt and response needs a template")
        return self

    @property
    def scores_are_shares(self) -> bool:
        """Whether every score lies between 0 and 1."""
        return self.head.output == "probability" if self.head else self.fit is None or self.fit.calibration != "none"


JudgeModel = Annotated[
    Annotated[LinearJudge, Tag(f"{KIND_TAG}linear")]
    | Annotated[SequenceClassification, Tag(f"{KIND_TAG}sequence_classification")]
    | Annotated[EmbeddingHead, Tag(f"{KIND_TAG}embedding_head")],
    Discriminator(kind_tag),
]
"""The implementation of a judge in a profile."""
