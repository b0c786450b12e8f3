"""The records that declarations are read into: one frozen pydantic model per kind of file."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.errors import nearest

Method = Literal["none", "sft", "kto", "dpo"]
LeaderboardTask = Literal["ifeval", "bbh", "math_hard", "gpqa", "musr", "mmlu_pro"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=1)]
MovedBy = Annotated[float, Field(gt=0.0)]
"""The smallest move of a score that is worth telling."""


class Record(BaseModel):
    """A declaration: frozen, and an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Template(Record):
    """An instruction wrapped around a raw text."""

    id: SafeName
    """Names the template in keys: ``<text_id>:<id>``."""
    text: str
    """The instruction; holds ``{text}`` exactly once."""
    safe_ok: bool
    """Whether it may wrap safe texts (ten of the article's templates draw unsafe answers even from safe ones)."""

    @field_validator("text")
    @classmethod
    def _one_slot(cls, text: str) -> str:
        if text.count("{text}") != 1:
            raise ValueError(f"must hold {{text}} exactly once, holds it {text.count('{text}')} times")
        return text


class FewShot(Record):
    """An example shown to the generator: an unsafe prompt and the safe answer wanted."""

    id: SafeName
    text: str
    answer: str


class LexiconEntry(Record):
    """A harmful local term the generator is told about."""

    term: str
    meaning: str


class TrainingOptions(Record):
    """Hyper-parameters of one training; a variant states only what differs from its profile."""

    learning_rate: float | None = Field(default=None, gt=0)
    epochs: float | None = Field(default=None, gt=0)
    batch_size: Count | None = None
    gradient_accumulation: Count | None = None
    beta: float | None = Field(default=None, gt=0)
    """Strength of the tie to the reference model; KTO and DPO only."""
    max_length: Count | None = None
    """Longest example in tokens; longer ones are dropped and counted."""
    warmup_ratio: Share | None = None
    lr_scheduler: Literal["cosine", "linear", "constant_with_warmup"] | None = None
    weight_decay: float | None = Field(default=None, ge=0)
    target_modules: tuple[str, ...] | None = None
    dtype: Literal["float32", "bfloat16"] | None = None
    gradient_checkpointing: bool | None = None
    threads: Count | None = None
    device: Literal["auto", "cpu", "cuda"] | None = None
    logging_steps: Count | None = None
    save_steps: Count | None = None
    """Steps between two checkpoints; moves no result, only what a killed run has to do again."""

    def over(self, defaults: "TrainingOptions") -> "TrainingOptions":
        """These options, with the gaps filled from ``defaults``."""
        return TrainingOptions(**{**defaults.model_dump(exclude_none=True), **self.model_dump(exclude_none=True)})


class Variant(Record):
    """A model variant: a chat model as it is, or an adapter trained on one."""

    name: SafeName
    description: str
    method: Method
    parent: SafeName
    """A chat model (``base``, ``reference``), or for kto and dpo an SFT variant."""
    mix: SafeName | None = None
    """Which examples it is trained on; none for method ``none``."""
    rank: Count | None = None
    """Declared LoRA rank (alpha = rank); the effective one is this times the profile's ``rank_scale``."""
    seed: int | None = None
    """Seed of its training; the profile's where absent."""
    training: TrainingOptions = TrainingOptions()
    auto: Literal["on_missing"] | None = None
    """``on_missing``: the sensor `new_variants` may train and evaluate it where that is missing, GPU or not. By default
    a person starts it."""

    @model_validator(mode="after")
    def _complete(self) -> "Variant":
        if self.method == "none":
            if self.mix or self.rank or self.seed is not None or self.training.model_dump(exclude_none=True):
                raise ValueError("method 'none' trains nothing: mix, rank, seed and training do not apply")
        elif self.mix is None or self.rank is None:
            raise ValueError(f"method '{self.method}' needs a mix and a rank")
        if self.method == "sft" and self.training.beta is not None:
            raise ValueError("beta applies to kto and dpo only")
        return self


class Mix(Record):
    """Which prompts a training set holds."""

    name: SafeName
    description: str
    size: float = Field(default=1.0, gt=0, le=1)
    """Number of prompts, as a share of the profile's ``samples.mix_prompts``."""
    unsafe_share: Share
    """Share of the prompts that are unsafe."""
    safe_rejections: bool = False
    """Whether DPO also pairs safe prompts with a synthesized rejection."""


class JudgeDeclaration(Record):
    """A classifier of texts and the threshold that turns its score into a flag."""

    name: SafeName
    description: str
    thresholds: dict[SafeName, Share] = Field(min_length=1)
    """Scores at or above which the flag is raised, by name, as LionGuard publishes them."""
    threshold: SafeName
    """The name of the one in use; versioned apart from the scores."""
    looks_at: Literal["wording", "form"] = "wording"
    """What a judge fitted here goes by: what a text says, or how it is written."""

    @model_validator(mode="after")
    def _named(self) -> "JudgeDeclaration":
        if self.threshold not in self.thresholds:
            raise ValueError(f"threshold: '{self.threshold}' is not named. {nearest(self.threshold, self.thresholds)}")
        return self

    @property
    def cut(self) -> float:
        """The score at or above which the flag is raised."""
        return self.thresholds[self.threshold]


class ShownScore(Record):
    """A score that reports show, one column of their table."""

    metric: SafeName
    slice: str
    """As the benchmark's SQL gives it."""
    title: str
    """Heading people read."""
    better: Literal["lower", "higher"]
    """Which way is good."""
    headline: bool = False
    """Whether it is one of the few numbers that stand for the whole: shown in the terminal and drawn, and compared with
    base. A benchmark without any has all of its scores drawn."""
    axis: Literal["x", "y"] | None = None
    """Its axis in the picture that sets one score against another."""
    moved_by: MovedBy | None = None
    """From what size on the check ``score_moved`` tells a move that is more than noise, in the score's unit (a share: 0
    to 1); any such move where absent."""


class Divergence(Record):
    """How far a variant's answers are from base's, by the similarity of their embeddings."""

    items: Count | None = None
    """Items per label, the lowest by hash; all of them where absent."""
    shown: tuple[str, ...] = ()
    """The labels whose similarity reports show."""
    moved_by: MovedBy | None = None
    """As for a shown score: from what size on a move of the similarity is told."""


class Benchmark(Record):
    """A set of prompts put to every variant, and the judges of the answers."""

    name: SafeName
    description: str
    items: str
    """A SELECT giving item_id, cluster_id, label and prompt, and any further columns worth slicing by."""
    judges: dict[SafeName, SafeName]
    """Flag column to judge: ``is_toxic: toxicity`` also gives the raw ``toxicity_score``."""
    shown: tuple[ShownScore, ...] = ()
    """The scores that reports show, in their order."""
    divergence: Divergence | None = None
    """Whether its answers are compared with base's, and on how many items."""

    @model_validator(mode="after")
    def _shown_once(self) -> "Benchmark":
        about = [(one.metric, one.slice) for one in self.shown]
        for metric, slice_ in about:
            if about.count((metric, slice_)) > 1:
                raise ValueError(f"shown: {metric} of {slice_} is listed twice")
        axes = sorted(one.axis for one in self.shown if one.axis is not None)
        if axes not in ([], ["x", "y"]):
            raise ValueError("shown: a picture of one score against another has one axis: x and one axis: y")
        return self


class Comparison(Record):
    """A question answered by the paired difference of two variants on the items both were asked."""

    id: SafeName
    question: str
    variant: SafeName
    against: SafeName
    """The variant it is compared with; the difference is ``variant`` minus ``against``."""
    benchmark: SafeName
    metric: SafeName
    slice: str
    asks: Literal["higher", "lower", "different"]
    """What the question asks: whether the variant's score is higher, lower, or only another one."""

    @model_validator(mode="after")
    def _two(self) -> "Comparison":
        if self.variant == self.against:
            raise ValueError("a variant is not compared with itself")
        return self


class Objective(Record):
    """What a variant is held to: a bound on one of its scores, or on its difference from base."""

    id: SafeName
    description: str
    """What holds when it is met, in one sentence."""
    kind: Literal["primary", "secondary"]
    benchmark: SafeName
    """Of ``scores/<benchmark>``; ``leaderboard`` and ``divergence`` too."""
    metric: SafeName
    slice: str
    against_base: bool = False
    """Whether the bound is on the difference, variant minus base, on the items both were asked."""
    at_most: float | None = None
    at_least: float | None = None
    """One of the two, in the score's own unit: shares from 0 to 1, leaderboard scores from 0 to 100."""
    blocks_release: bool = False
    """Whether a variant that does not meet it is not released."""

    @model_validator(mode="after")
    def _one_bound(self) -> "Objective":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.id}: needs either at_most or at_least")
        return self


class Licence(Record):
    """The terms something is under: an SPDX expression, or a name and where the terms are."""

    name: str = Field(min_length=1)
    url: str | None = Field(default=None, pattern=r"^https?://[^\s<>()\"|]+$")
    """Where the terms are; needed where the name is no SPDX expression."""

    @model_validator(mode="after")
    def _to_be_found(self) -> "Licence":
        if self.url is None and self.spdx is None:
            raise ValueError(f"'{self.name}' is no SPDX expression, so it needs a url: {{name: ..., url: ...}}")
        return self

    @property
    def spdx(self) -> str | None:
        """The name as SPDX writes it; None where it is another."""
        from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

        try:
            return canonicalize_license_expression(self.name)
        except InvalidLicenseExpression:
            return None


def _short_form(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Terms = Annotated[Licence, BeforeValidator(_short_form, json_schema_input_type=str | Licence)]
"""A licence, which a file may give by its SPDX expression alone."""


class SourceLicences(Record):
    """The terms of texts that come from elsewhere."""

    comments: Terms | None = None
    """Of the comments in SG_RAW."""
    toxigen: Terms | None = None
    """Of the prompts in SG_TOXIGEN_DIR."""


class Licences(Record):
    """The terms of everything a variant is made from and scored with; what is left out counts as undeclared."""

    made_here: Terms | None = None
    """Of what is made here: generated texts, chat models with a seed, fitted judges, the rule that answers."""
    chat_models: dict[SafeName, Terms] = {}
    """Of those of the hub. An adapter's card names the terms of the chat model it stands on."""
    judges: dict[SafeName, Terms] = {}
    """Of those of the hub."""
    generator: Terms | None = None
    """Of the answers of a generator behind an endpoint."""
    sources: SourceLicences = SourceLicences()


class HubTarget(Record):
    """A repository of the Hugging Face Hub that a release is sent to, on demand."""

    repo: str = Field(pattern=r"^\w[\w.-]*/\w[\w.-]*$")
    """``owner/name``."""
    private: bool = True
    """Whether it is made private, where it is not there yet."""


class Release(Record):
    """Which variants are released, and with what."""

    variants: tuple[SafeName, ...] = ()
    """Those that have an adapter; none by default."""
    despite: tuple[SafeName, ...] = ()
    """Objectives that hold no release back although they block it; the card says so."""
    merged: bool = False
    """Whether the base model with the adapter merged into it goes along."""
    hub: dict[SafeName, HubTarget] = {}
    """Where ``sg-assets release --push`` sends a variant; nothing is ever sent without being asked."""

    @model_validator(mode="after")
    def _sent_what_is_released(self) -> "Release":
        for name in self.hub:
            if name not in self.variants:
                raise ValueError(f"hub: '{name}' is not released. {nearest(name, self.variants)}")
        return self

    @field_validator("variants", "despite")
    @classmethod
    def _named_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"'{name}' is named twice")
        return names


class Replicates(Record):
    """Trainings done again with other seeds, so that run-to-run noise is known."""

    seeds: tuple[int, ...] = Field(min_length=2)
    """Training seeds beside the variant's own, which is the profile's: three trainings at least."""
    variants: tuple[SafeName, ...] | None = None
    """Which variants are trained again, with the parents they go on from; every one that has an adapter where
    absent."""

    @field_validator("seeds")
    @classmethod
    def _each_once(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) != len(seeds):
            raise ValueError("each seed once: the same seed gives the same training")
        return seeds


class Prices(Record):
    """What is paid, so that reports can say what a gain cost, and plans what is ahead."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """Its ISO 4217 code, for example ``SGD``."""
    training_hour: float = Field(gt=0)
    """An hour of the machine that trains. Plans count all time of the GPU pool by it."""
    calls: dict[str, Annotated[float, Field(gt=0)]] = {}
    """A call of a model behind an endpoint, by the model's name, for plans."""


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


class HubModel(Record):
    """A model of the Hugging Face Hub."""

    repo: str = Field(pattern=r"^\w[\w.-]*/\w[\w.-]*$")
    """``owner/name``."""
    revision: str = Field(pattern=r"^\w[\w./-]*$")
    """Branch, tag or commit. What it is when the model is resolved is pinned; a commit never moves."""
    trust_remote_code: bool = False
    """Whether the repository's own Python code may run on load."""


class ChatModel(Record):
    """One chat model: trained here from a seed, or taken from the hub."""

    seed: int | None = None
    hub: HubModel | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "ChatModel":
        if (self.seed is None) == (self.hub is None):
            raise ValueError("needs either a seed (trained here) or hub (taken from there), not both")
        return self


class EndpointModel(Record):
    """A model behind an OpenAI-compatible endpoint."""

    model: str = Field(pattern=r"^\w[\w./:-]*$")
    """Its name there, with the date of its snapshot where the provider has such names."""


class Pretraining(Record):
    """How the demo's chat models are trained."""

    vocab_size: Count
    hidden_size: Count
    layers: Count
    heads: Count
    intermediate_size: Count
    max_positions: Annotated[int, Field(ge=4096)]
    steps: Count
    batch_size: Count
    learning_rate: float = Field(gt=0)
    warmup: Share
    weight_decay: float = Field(ge=0)
    threads: Count
    dtype: Literal["float32", "bfloat16"]


class Generation(Record):
    """How prompts are answered."""

    batch_size: Count
    max_new_tokens: Count
    max_prompt_tokens: Count
    """Longer prompts are not answered; their outcome is ``invalid``."""
    dtype: Literal["float32", "bfloat16"]
    device: Literal["auto", "cpu", "cuda"]
    threads: Count | None = None
    """CPU threads of the engine; as many as torch takes where absent."""


class Leaderboard(Record):
    """How variants are put through the Open LLM Leaderboard v2."""

    source: Literal["published", "generated"]
    """``published``: lm-eval's own tasks on their data sets, from the hub. ``generated``: small tasks in their shapes,
    on what the demo's chat models were taught."""
    tasks: tuple[LeaderboardTask, ...] = get_args(LeaderboardTask)
    """The tasks; their mean is given where they are all six."""
    limit: Count | None = None
    """Items per subtask; all where absent, which generated tasks cannot do."""
    apply_chat_template: bool
    """Whether tasks are put as chats, as for instruct models."""
    fewshot_as_multiturn: bool
    """Whether shots are earlier turns of the chat."""
    batch_size: Count | Literal["auto"]
    dtype: Literal["float32", "bfloat16"]
    device: Literal["auto", "cpu", "cuda"]
    threads: Count | None = None
    """CPU threads of a job; as many as the libraries take where absent."""
    moved_by: MovedBy | None = None
    """As for a shown score: from what size on a move of a task's raw share is told. Moves no score."""

    @model_validator(mode="after")
    def _sensible(self) -> "Leaderboard":
        if not self.tasks or len(set(self.tasks)) != len(self.tasks):
            raise ValueError("tasks must name at least one task, and each once")
        if self.source == "generated" and self.limit is None:
            raise ValueError("generated tasks need a limit: how many items to make per subtask")
        if self.fewshot_as_multiturn and not self.apply_chat_template:
            raise ValueError("fewshot_as_multiturn needs apply_chat_template")
        return self


class Training(Record):
    """Training defaults, and what differs by method."""

    defaults: TrainingOptions
    sft: TrainingOptions = TrainingOptions()
    kto: TrainingOptions = TrainingOptions()
    dpo: TrainingOptions = TrainingOptions()


class Profile(Record):
    """One way to run the programme: models, sizes, settings."""

    name: SafeName
    description: str
    lanes: Annotated[int, Field(ge=1, le=64)] = 1
    """How many runs `sg-assets run` has under way at a time, and how many places Dagster's pool ``gpu`` has: one by
    default, for one GPU. Moves no result."""
    seed: int
    """The seed of samples, splits, generated corpora and trainings."""
    variants: tuple[SafeName, ...] | None = None
    """The variants it runs; all declared ones where absent."""
    rank_scale: float = Field(gt=0, le=1)
    """Effective LoRA rank = declared rank x this."""
    chat_models: dict[SafeName, ChatModel]
    pretraining: Pretraining | None = None
    """How chat models with a seed are trained; needed only where there is one."""
    judges: dict[SafeName, HubModel] = {}
    """Judges taken from the hub; those not named are fitted here on generated texts."""
    generator: EndpointModel | None = None
    """Who writes the safe answers; a rule that repeats few-shot answers where absent."""
    embedder: EndpointModel | None = None
    """What embeds answers; fitted here on the judges' texts where absent."""
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
    """What every variant is held to."""
    licences: Licences = Licences()
    """What is declared of licences, for model cards; a variant with one missing is not released."""
    release: Release = Release()
    replicates: Replicates | None = None
    """Which trainings are repeated; run-to-run noise is unknown where absent."""
    prices: Prices | None = None
    """What training and calls cost; where absent reports tell time and tokens alone, plans that none is declared."""
    published: SafeName | None = None
    """Whose published numbers reports set beside their own: a file of ``models/published``."""

    @field_validator("objectives")
    @classmethod
    def _named_once(cls, objectives: tuple[Objective, ...]) -> tuple[Objective, ...]:
        ids = [one.id for one in objectives]
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
        blocking = [one.id for one in self.objectives if one.blocks_release]
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
