"""Inspections of a table's texts and of changes against its published version: the kinds, with their arguments."""

from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import Field, field_validator, model_validator

from sg_assets.declarations.records.base import Count, Record, Share

SAMPLE: Final = r"^([A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.(csv|parquet)$"
"""Names a file below the project's folder."""
Factor = Annotated[float, Field(gt=1.0)]


class Inspection(Record):
    """Something to look for."""


class OfTexts(Inspection):
    """Something to look for in texts."""

    text: str | None = None
    """The text: a column, or an expression over the table's columns."""
    texts: str | None = None
    """Or a SELECT of ``id`` (the name of a text in reports), ``text``, and ``side`` where sides are compared. It may
    read the table as ``this``, and the table's inputs."""
    at_most: Share = 0.0
    """The largest accepted share of such texts."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError("needs either 'text' or 'texts'")
        return self


class Duplicates(OfTexts):
    """Texts that are equal, ignoring case and spaces."""

    across_sides: bool = False
    """Count only texts that are on several sides."""


class NearDuplicates(OfTexts):
    """Texts that share most of their five-letter pieces, found by MinHash."""

    similarity: Annotated[float, Field(gt=0.5, le=1.0)] = 0.8
    """Texts count from this Jaccard similarity of their pieces."""
    across_sides: bool = False
    """Count only texts that resemble a text of another side."""


class Overlap(OfTexts):
    """Texts that are mostly contained in other tables."""

    against: Annotated[tuple[str, ...], Field(min_length=1)]
    """SELECTs of ``text`` from tables upstream of this table. A SELECT of a table that is not upstream of a version is
    left out: base, for example, has no training table."""
    words: Count = 5
    """Words in a row that make up a piece."""
    share: Annotated[float, Field(gt=0.0, le=1.0)] = 0.8
    """A text counts from this share of its pieces found in the other tables."""


class PersonalData(OfTexts):
    """Texts with an NRIC or FIN, phone number, e-mail address or handle."""


class Unreadable(OfTexts):
    """Texts with traces of a wrong encoding: UTF-8 read as something else, U+FFFD, question marks for characters."""


class ListedValues(OfTexts):
    """Texts that are one of some values: rows in a state that few may be in, counted whether or not too many are."""

    values: Annotated[tuple[str, ...], Field(min_length=1)]
    """The values; case and spaces count."""


class RowsLost(Inspection):
    """Rows that the published version had and the new version lacks."""

    at_most: Share
    """The largest accepted share of such rows."""


class LabelDrift(Inspection):
    """A value whose share of the rows moved against the published version."""

    column: str
    at_most: Share
    """The most that any value's share may move."""


class LengthDrift(Inspection):
    """Texts longer or shorter, on average, than in the published version."""

    text: str
    """A column, or an expression over the table's columns."""
    factor: Factor
    """The most that the mean may grow or shrink by."""


class VocabularyDrift(Inspection):
    """Words that the published version does not have."""

    text: str
    """A column, or an expression over the table's columns."""
    at_most: Share
    """The share of all words, repeated ones too, that may be new."""


UNDECIDED: Final = "undecided"
"""What a label of people means that says neither: the text does not count."""


class Agreement(Inspection):
    """Labels that people gave to a sample of texts, to compare a judge's with. Without the file, no check is made."""

    sample: Annotated[str, Field(pattern=SAMPLE)]
    """A CSV or Parquet file below the project's folder, with the columns that ``id`` and ``label`` name. Texts with
    several labels do not count."""
    kappa_at_least: Annotated[float, Field(ge=-1.0, le=1.0)]
    """The lowest accepted Cohen's kappa."""
    id: str = "text_id"
    """The column that identifies a text, in the sample and in the table."""
    label: str = "label"
    """The column of labels, in the sample and in the table."""
    known: Annotated[tuple[str, ...], Field(min_length=1)] = ("safe", "unsafe")
    """The labels that people may have given; case and spaces around them do not count. Any other label is an error."""
    means: Mapping[str, str] = Field(default_factory=dict)
    """What other labels of people mean: one of ``known``, or ``undecided`` for rows that do not count."""
    labels: Mapping[str, str] = Field(default_factory=dict)
    """The sample's labels, by text; read from the file, not declared."""
    undecided: int = 0
    """Texts the sample gives several labels, or none; counted in it, not declared."""

    @field_validator("means", mode="before")
    @classmethod
    def _named_by_texts(cls, means: object) -> object:
        """YAML reads ``0: safe`` as a number."""
        return {str(given): label for given, label in means.items()} if isinstance(means, Mapping) else means

    @model_validator(mode="after")
    def _means_known(self) -> Self:
        for label in self.means.values():
            if label not in (*self.known, UNDECIDED):
                raise ValueError(f"means: '{label}' is none of {', '.join((*self.known, UNDECIDED))}")
        return self


INSPECTIONS: Final[Mapping[str, type[Inspection]]] = {
    "duplicates": Duplicates,
    "near_duplicates": NearDuplicates,
    "overlap": Overlap,
    "personal_data": PersonalData,
    "unreadable": Unreadable,
    "listed_values": ListedValues,
    "rows_lost": RowsLost,
    "label_drift": LabelDrift,
    "length_drift": LengthDrift,
    "vocabulary_drift": VocabularyDrift,
    "agreement": Agreement,
}
"""By the name that declarations use."""
DRIFT: Final = (RowsLost, LabelDrift, LengthDrift, VocabularyDrift)
"""Those that compare with the published version."""
