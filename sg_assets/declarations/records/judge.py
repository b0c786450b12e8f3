"""A judge and its thresholds."""

from typing import Literal

from pydantic import Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.judge_model import Cut, JudgeModel, ScoringModel
from sg_assets.errors import nearest


class JudgeDeclaration(Record):
    """A classifier of texts and the threshold that turns its score into a flag."""

    name: SafeName
    description: str
    thresholds: dict[SafeName, Cut] = Field(min_length=1)
    """Scores at or above which the flag is raised, by name, of the judge that is fitted here: 0 to 1. Another model in
    its place has thresholds of its own, in the profile."""
    threshold: SafeName
    """The name of the threshold in use; versioned apart from the scores."""
    looks_at: Literal["wording", "form"] = "wording"
    """The features of a judge that is fitted here: of a text's wording, or of its form."""

    @model_validator(mode="after")
    def _named(self) -> "JudgeDeclaration":
        if self.threshold not in self.thresholds:
            raise ValueError(f"unknown threshold '{self.threshold}'. {nearest(self.threshold, self.thresholds)}")
        return self

    def measured_by(self, model: JudgeModel | None) -> "JudgeDeclaration":
        """The judge with the thresholds of the model that scores in its place; as it is where it is fitted here."""
        if not isinstance(model, ScoringModel):
            return self
        return self.model_copy(update={"thresholds": model.thresholds, "threshold": model.threshold})

    @property
    def cut(self) -> float:
        """The score at or above which the flag is raised."""
        return self.thresholds[self.threshold]
