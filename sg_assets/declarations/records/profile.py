"""A profile: models, data, training defaults, objectives, prices."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Count, Record, Seed
from sg_assets.declarations.records.data import Answers, Labelling, Raw, Samples, Splits
from sg_assets.declarations.records.dataset import DatasetSources
from sg_assets.declarations.records.embedder import EmbedderModel
from sg_assets.declarations.records.judge_model import JudgeModel, LinearJudge
from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.declarations.records.licence import Licences
from sg_assets.declarations.records.model import ChatModel, EndpointModel, Generation, Pretraining
from sg_assets.declarations.records.objective import Objective
from sg_assets.declarations.records.people_labels import PeopleLabels
from sg_assets.declarations.records.release import Release
from sg_assets.declarations.records.training import Training
from sg_assets.errors import nearest


class Replicates(Record):
    """Repeated trainings with other seeds, to measure run-to-run noise."""

    seeds: tuple[Seed, ...] = Field(min_length=2)
    """Training seeds in addition to the profile's seed: at least three trainings in all."""
    variants: tuple[SafeName, ...] | None = None
    """The variants to train again, together with their parents; every variant that has an adapter where absent."""

    @field_validator("seeds")
    @classmethod
    def _each_once(cls, seeds: tuple[Seed, ...]) -> tuple[int, ...]:
        if len(set(seeds)) != len(seeds):
            raise ValueError("each seed once: the same seed gives the same training")
        return seeds


class Prices(Record):
    """Prices, for the costs in reports and plans."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """The ISO 4217 code of the currency, for example ``SGD``."""
    training_hour: float = Field(gt=0)
    """Price of an hour of the machine that trains. Plans apply it to all time of the GPU pool."""
    calls: dict[str, Annotated[float, Field(gt=0)]] = Field(default={})
    """Price of a call of a model behind an endpoint, by the model's name, for plans."""


class Local(Record):
    """The machine that runs the profile, as far as jobs share it."""

    gpus: Annotated[int, Field(ge=1, le=64)]
    """How many GPU cards of the machine jobs may use, each job its own: those that ``CUDA_VISIBLE_DEVICES`` names, or
    the first. All runs of the machine share them."""


class Profile(Record):
    """A way to run the whole programme: models, sizes, settings."""

    name: SafeName
    description: str
    lanes: Annotated[int, Field(ge=1, le=64)] | None = None
    """How many runs `sg-assets run` runs at a time, and the size of Dagster's pool ``gpu``: where absent, as many as
    `local` has cards, else 1. Moves no result."""
    local: Local | None = None
    """The GPU cards that jobs share; one, if the machine has any, where absent. Moves no result."""
    seed: Seed
    """The seed of samples, splits, generated corpora and trainings."""
    variants: tuple[SafeName, ...] | None = None
    """The variants to run; all declared variants where absent."""
    rank_scale: float = Field(gt=0, le=1)
    """Effective LoRA rank = declared rank x this."""
    chat_models: dict[SafeName, ChatModel]
    pretraining: Pretraining | None = None
    """How chat models with a seed are trained; needed only where such a model is declared."""
    judges: dict[SafeName, JudgeModel] = Field(default={})
    """The models that score in the place of judges, by judge; all other judges are fitted here on generated texts."""
    demo_judges_score_real_models: bool = False
    """Whether judges that are fitted here on generated texts may score answers of chat models that were not made here.
    They miss most of what such a model says, so every number says so."""
    generator: EndpointModel | None = None
    """The model that writes the safe answers; a rule that repeats few-shot answers where absent."""
    embedder: EmbedderModel | None = None
    """The model that embeds answers; fitted here on the judges' texts where absent."""
    sources: DatasetSources = DatasetSources()
    """The datasets of comments and of TOXIGEN's prompts; folders of the environment or generated texts where absent."""
    raw: Raw = Raw()
    labelling: Labelling
    answers: Answers = Answers()
    """What is done to personal data in answers that are learned from."""
    texts_per_label: Count
    """Texts with a confident label to take, per label."""
    splits: Splits
    samples: Samples
    generation: Generation
    training: Training
    leaderboard: Leaderboard | None = None
    """How the leaderboard is run; not run where absent."""
    objectives: tuple[Objective, ...] = ()
    """The objectives of every variant."""
    labels: PeopleLabels | None = None
    """Labels that people give to answers, and what judges must reach against them; no labels are taken where absent."""
    licences: Licences = Licences()
    """The declared licences, for model cards; a variant with a missing licence is not released."""
    release: Release = Release()
    replicates: Replicates | None = None
    """Which trainings are repeated; run-to-run noise is unknown where absent."""
    prices: Prices | None = None
    """The prices of training and calls; where absent, reports show only time and tokens, and plans say that no
    price is declared."""
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
                why = f"'{name}' is not an objective that blocks a release"
                raise ValueError(f"release.despite: {why}. {nearest(name, blocking)}")
        return self

    @model_validator(mode="after")
    def _trained_here(self) -> "Profile":
        seeded = ", ".join(self.seeded_chat_models)
        if seeded and (self.pretraining is None or self.samples.pretraining_rows is None):
            raise ValueError(f"pretraining and samples.pretraining_rows are needed: chat models with a seed: {seeded}")
        return self

    def is_demo_judge(self, judge: str) -> bool:
        """Whether a judge is fitted here on generated texts."""
        return isinstance(self.judges.get(judge), LinearJudge | None)

    @property
    def paid_embedder(self) -> EndpointModel | None:
        """The embedder, where it is a model behind an endpoint."""
        return self.embedder if isinstance(self.embedder, EndpointModel) else None

    @property
    def real_chat_models(self) -> tuple[str, ...]:
        """The chat models that were not made here."""
        return tuple(name for name, model in self.chat_models.items() if model.seed is None)

    @property
    def lane_count(self) -> int:
        """How many runs are in progress at a time."""
        return self.lanes or (1 if self.local is None else self.local.gpus)

    @property
    def seeded_chat_models(self) -> tuple[str, ...]:
        """The chat models that are trained here."""
        return tuple(name for name, model in self.chat_models.items() if model.seed is not None)
