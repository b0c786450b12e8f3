"""A profile: models, data, training defaults, objectives, prices."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Count, Record
from sg_assets.declarations.records.data import Labelling, Raw, Samples, Splits
from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.declarations.records.licence import Licences
from sg_assets.declarations.records.model import ChatModel, EndpointModel, Generation, HubModel, Pretraining
from sg_assets.declarations.records.objective import Objective
from sg_assets.declarations.records.release import Release
from sg_assets.declarations.records.training import Training
from sg_assets.errors import nearest


class Replicates(Record):
    """Trainings done again with other seeds, so that run-to-run noise is known."""

    seeds: tuple[int, ...] = Field(min_length=2)
    """Training seeds besides the variant's own, which is the profile's: three trainings at least."""
    variants: tuple[SafeName, ...] | None = None
    """Which variants are trained again, with the parents they go on from; every variant that has an adapter where
    absent."""

    @field_validator("seeds")
    @classmethod
    def _each_once(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) != len(seeds):
            raise ValueError("each seed once: the same seed gives the same training")
        return seeds


class Prices(Record):
    """Prices, for reports to show the cost of a gain, and plans the cost ahead."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """Its ISO 4217 code, for example ``SGD``."""
    training_hour: float = Field(gt=0)
    """An hour of the machine that trains. Plans count all time of the GPU pool by it."""
    calls: dict[str, Annotated[float, Field(gt=0)]] = Field(default={})
    """A call of a model behind an endpoint, by the model's name, for plans."""


class Profile(Record):
    """One way to run the programme: models, sizes, settings."""

    name: SafeName
    description: str
    lanes: Annotated[int, Field(ge=1, le=64)] = 1
    """How many runs `sg-assets run` has under way at a time, and the size of Dagster's pool ``gpu``: 1 by default, for
    one GPU. Moves no result."""
    seed: int
    """The seed of samples, splits, generated corpora and trainings."""
    variants: tuple[SafeName, ...] | None = None
    """The variants it runs; all declared ones where absent."""
    rank_scale: float = Field(gt=0, le=1)
    """Effective LoRA rank = declared rank x this."""
    chat_models: dict[SafeName, ChatModel]
    pretraining: Pretraining | None = None
    """How chat models with a seed are trained; needed only where one is declared."""
    judges: dict[SafeName, HubModel] = Field(default={})
    """Judges taken from the hub; those not named are fitted here on generated texts."""
    generator: EndpointModel | None = None
    """The model that writes the safe answers; a rule that repeats few-shot answers where absent."""
    embedder: EndpointModel | None = None
    """The model that embeds answers; fitted here on the judges' texts where absent."""
    raw: Raw = Raw()
    labelling: Labelling
    texts_per_label: Count
    """Confidently labelled texts taken per label."""
    splits: Splits
    samples: Samples
    generation: Generation
    training: Training
    leaderboard: Leaderboard | None = None
    """A profile without runs none of it."""
    objectives: tuple[Objective, ...] = ()
    """The objectives of every variant."""
    licences: Licences = Licences()
    """The declared licences, for model cards; a variant with one missing is not released."""
    release: Release = Release()
    replicates: Replicates | None = None
    """Which trainings are repeated; run-to-run noise is unknown where absent."""
    prices: Prices | None = None
    """The prices of training and calls; where absent, reports show time and tokens alone, and plans say that none is
    declared."""
    published: SafeName | None = None
    """The publication that reports compare their numbers with: a file of ``models/published``."""

    @field_validator("objectives")
    @classmethod
    def _named_once(cls, objectives: tuple[Objective, ...]) -> tuple[Objective, ...]:
        ids = [objective.id for objective in objectives]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f"'{name}' is declared twice")
        return objectives

    @model_validator(mode="after")
    def _sides_fit(self) -> "Profile":
        wanted = sum(side.texts or 0 for side in self.splits.sides.values())
        if wanted > self.texts_per_label:
            raise ValueError(f"splits take {wanted} texts per label, texts_per_label is {self.texts_per_label}")
        if "base" not in self.chat_models:
            raise ValueError("chat_models must declare 'base'")
        for name in self.licences.chat_models:
            if name not in self.chat_models:
                raise ValueError(f"licences.chat_models: unknown '{name}'. {nearest(name, self.chat_models)}")
        return self

    @model_validator(mode="after")
    def _held_back_by_what_is_declared(self) -> "Profile":
        blocking = [objective.id for objective in self.objectives if objective.blocks_release]
        for name in self.release.despite:
            if name not in blocking:
                why = f"no objective '{name}' holds a release back"
                raise ValueError(f"release.despite: {why}. {nearest(name, blocking)}")
        return self

    @model_validator(mode="after")
    def _trained_here(self) -> "Profile":
        seeded = ", ".join(self.seeded_chat_models)
        if seeded and (self.pretraining is None or self.samples.pretraining_rows is None):
            raise ValueError(f"pretraining and samples.pretraining_rows are needed: chat models with a seed: {seeded}")
        return self

    @property
    def seeded_chat_models(self) -> tuple[str, ...]:
        """The chat models that are trained here."""
        return tuple(name for name, model in self.chat_models.items() if model.seed is not None)
