"""Everything a model card says of a variant, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sg_assets.declarations.licences import Licensed
from sg_assets.reports.results import Results
from sg_assets.reports.training_costs import Cost
from sg_assets.store.manifests import PinnedInput


@dataclass(frozen=True)
class BaseModel:
    """The chat model an adapter stands on."""

    name: str
    """Asset partition, for example ``models/chat[base]``."""
    fingerprint: str
    """Its content."""
    repo: str | None = None
    """On the hub; None where it was trained here."""
    revision: str | None = None
    """The commit there."""
    seed: int | None = None
    """Of its training here."""


@dataclass(frozen=True)
class TrainingData:
    """What an adapter learned from."""

    adapter: str
    """Asset partition: the variant's own, or one it goes on from."""
    table: PinnedInput
    rows: Mapping[str, int]
    """By split; what the training dropped is among them."""
    prompts: Mapping[str, int]
    """The mix's prompts to train on, by label."""


@dataclass(frozen=True)
class Training:
    """How an adapter was trained."""

    parent: str | None
    """The adapter it goes on from."""
    declared_rank: int
    rank: int
    """The effective one."""
    seed: int
    trained_rows: int
    dropped: Mapping[str, int]
    """Rows left out, by reason."""
    settings: Mapping[str, object]
    """Hyper-parameters."""
    losses: Mapping[str, float | None]
    libraries: Mapping[str, str]
    machine: str = "not recorded"
    """The kind of machine it was trained on, in a few words."""


@dataclass(frozen=True)
class HeldTo:
    """An objective and how the variant stands to it."""

    objective: str
    description: str
    kind: str
    outcome: str
    finding: str
    """The outcome with its numbers."""
    blocks_release: bool

    @property
    def holds_back(self) -> bool:
        """Whether a release needs it, and it is not met."""
        return self.blocks_release and self.outcome != "met"


@dataclass(frozen=True)
class Card:
    """Everything a card tells."""

    variant: str
    description: str
    method: str
    mix: str
    mix_description: str
    base: BaseModel
    data: Sequence[TrainingData]
    """Of its own training, then of those it goes on from."""
    training: Training
    cost: Cost
    scores: Results
    """The variant's row, and base's where the profile runs it."""
    objectives: Sequence[HeldTo]
    despite: Sequence[str]
    """Objectives that do not hold a release back, as the profile declares."""
    licences: Sequence[Licensed]
    """The base model's first."""
    cautions: Sequence[str]
    versions: Sequence[PinnedInput]
    """Everything the variant and its scores were made from."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """By version what was said of it until the card was made, such as that it was accepted as made by other code."""
