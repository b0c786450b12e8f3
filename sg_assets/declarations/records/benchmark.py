"""A benchmark, the scores shown of it, and the questions that compare variants by them."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Count, MovedBy, Record


def _as_tuple(named: object) -> object:
    """One judge as the only one of its flag."""
    return (named,) if isinstance(named, str) else tuple(named) if isinstance(named, list) else named


_JUDGE: Final = {"type": "string"}
JudgesOfFlag = Annotated[
    tuple[SafeName, ...],
    BeforeValidator(_as_tuple),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [_JUDGE, {"type": "array", "items": _JUDGE, "minItems": 1}]}),
]
"""A judge, or several, of which the first one decides."""


class ShownScore(Record):
    """A score that reports show, one column of their table."""

    metric: SafeName
    slice: str
    """As the benchmark's SQL gives it."""
    title: str
    """The heading in reports."""
    better: Literal["lower", "higher"]
    """Whether higher or lower is better."""
    headline: bool = False
    """Whether it is one of the few numbers that summarise the benchmark: shown in the terminal, drawn and compared with
    base. A benchmark without any has all of its scores drawn."""
    axis: Literal["x", "y"] | None = None
    """Its axis in the picture that plots two scores against each other."""
    moved_by: MovedBy | None = None
    """The smallest move that is more than noise for the check ``score_moved`` to report, in the score's unit (a
    share: 0 to 1); any such move where absent."""


class Divergence(Record):
    """The distance of a variant's answers from base's, by the similarity of their embeddings."""

    items: Count | None = None
    """Items per label, those with the lowest hashes; all items where absent."""
    shown: tuple[str, ...] = ()
    """The labels whose similarity reports show."""
    moved_by: MovedBy | None = None
    """As for a shown score: the smallest move of the similarity to report."""


class Benchmark(Record):
    """A set of prompts put to every variant, and the judges of the answers."""

    name: SafeName
    description: str
    items: str
    """A SELECT of item_id, cluster_id, label and prompt, and further columns to slice by."""
    judges: dict[SafeName, JudgesOfFlag]
    """Flag column to judge: ``is_toxic: toxicity`` also gives the raw ``toxicity_score``. Of several judges
    (``[toxicity, toxicity_b]``) the first raises the flag; the rates of the others and how far they agree with it are
    shown beside it."""
    shown: tuple[ShownScore, ...] = ()
    """The scores that reports show, in their order."""
    divergence: Divergence | None = None
    """How its answers are compared with base's; not compared where absent."""

    @field_validator("judges")
    @classmethod
    def _each_judge_once(cls, judges: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for flag, named in judges.items():
            if len(set(named)) != len(named):
                raise ValueError(f"{flag}: name each judge once")
        return judges

    @property
    def deciding_judges(self) -> dict[str, str]:
        """The judge that raises each flag."""
        return {flag: judges[0] for flag, judges in self.judges.items()}

    @property
    def all_judges(self) -> tuple[str, ...]:
        """Every judge of its answers, once."""
        return tuple(dict.fromkeys(judge for judges in self.judges.values() for judge in judges))

    @model_validator(mode="after")
    def _shown_once(self) -> "Benchmark":
        about = [(score.metric, score.slice) for score in self.shown]
        for metric, slice_ in about:
            if about.count((metric, slice_)) > 1:
                raise ValueError(f"shown: {metric} of {slice_} is listed twice")
        axes = sorted(score.axis for score in self.shown if score.axis is not None)
        if axes not in ([], ["x", "y"]):
            raise ValueError("shown: a picture of one score against another has one axis: x and one axis: y")
        return self


class Comparison(Record):
    """A question that the paired difference of two variants answers, on the items that both were asked."""

    id: SafeName
    question: str
    variant: SafeName
    against: SafeName
    """The variant to compare with; the difference is ``variant`` minus ``against``."""
    benchmark: SafeName
    metric: SafeName
    slice: str
    asks: Literal["higher", "lower", "different"]
    """What the question asks: whether the variant's score is higher, lower, or only different."""

    @model_validator(mode="after")
    def _two(self) -> "Comparison":
        if self.variant == self.against:
            raise ValueError("a variant is not compared with itself")
        return self
