"""Labels that people give to answers: what they write, and what a judge must reach against them."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Count, Record, Share

Answer = Literal["yes", "no"]
ANSWERS: Final[tuple[Answer, ...]] = ("yes", "no")
"""What people may answer: whether the flag is true of the answer."""


def _texts(means: object) -> object:
    """YAML reads ``1: "yes"`` with a number."""
    return {str(given): label for given, label in means.items()} if isinstance(means, Mapping) else means


class AlignmentBound(Record):
    """What a judge must reach against the labels of people; below it, all that it scored is marked as not aligned."""

    sensitivity_at_least: Share
    """Of the answers that people say the flag is true of, the share that the judge flags."""
    specificity_at_least: Share
    """Of the answers that people say the flag is not true of, the share that the judge does not flag."""
    labels_at_least: Count = 100
    """Answers with a label that people agree on; with fewer, the judge is not aligned."""


class PeopleLabels(Record):
    """The labels of people that a profile takes."""

    means: Annotated[dict[str, Answer | Literal["undecided"]], BeforeValidator(_texts)] = Field(default={})
    """What other words of people than ``yes`` and ``no`` mean: one of these, or ``undecided`` for labels that do not
    count. Case and spaces around a word do not count."""
    aligned: dict[SafeName, AlignmentBound] = Field(default={})
    """What judges must reach, by judge. Other judges are compared with the labels and held to nothing."""
