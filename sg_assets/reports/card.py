"""The content of a model card, as records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sg_assets.declarations.licences import Licensed
from sg_assets.reports.results import Results
from sg_assets.reports.training_costs import TrainingCost
from sg_assets.store.manifests import PinnedInput


@dataclass(frozen=True)
class BaseModel:
    """The chat model that an adapter was trained on."""

    name: str
    """Asset partition, for example ``models/chat[base]``."""
    fingerprint: str
    """Its content."""
    repo: str | None = None
    """On the hub; None where it was trained here, or comes from a folder."""
    revision: str | None = None
    """The commit there."""
    seed: int | None = None
    """Of its training here; None where it was made elsewhere."""


@dataclass(frozen=True)
class TrainingData:
    """The training rows of an adapter."""

    adapter: str
    """Asset partition: the variant's own adapter, or one it continues."""
    table: PinnedInput
    rows: Mapping[str, int]
    """By split, with the rows that the training dropped."""
    prompts: Mapping[str, int]
    """Training prompts of the mix, by label."""


@dataclass(frozen=True)
class Training:
    """How an adapter was trained."""

    parent: str | None
    """The adapter it continues, if any."""
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
class ImportedAdapter:
    """An adapter that was trained elsewhere."""

    source: str
    """The repository with its commit, or that it was a folder."""
    repo: str | None
    rank: int
    alpha: float
    target_modules: Sequence[str]
    parameters: int
    types: Mapping[str, int]
    """Its matrices by float type."""
    trained_with_peft: str | None
    files: Mapping[str, str]
    """Digests of the files of a folder, by name."""
    notes: Sequence[str]
    """What could not be compared with the base model, or differs."""


@dataclass(frozen=True)
class ObjectiveStatus:
    """An objective with its outcome for the variant."""

    objective: str
    description: str
    kind: str
    outcome: str
    finding: str
    """The outcome with its numbers."""
    blocks_release: bool

    @property
    def holds_back(self) -> bool:
        """Whether a release needs the objective, and it is not met."""
        return self.blocks_release and self.outcome != "met"


@dataclass(frozen=True)
class Card:
    """The content of a model card."""

    variant: str
    description: str
    method: str
    mix: str | None
    """None where it was trained elsewhere."""
    mix_description: str | None
    base: BaseModel
    data: Sequence[TrainingData]
    """Rows of its own training, then of those it continues."""
    training: Training | None
    cost: TrainingCost
    scores: Results
    """The variant's row, and base's where the profile runs it."""
    objectives: Sequence[ObjectiveStatus]
    despite: Sequence[str]
    """Objectives that do not hold a release back, as the profile declares."""
    licences: Sequence[Licensed]
    """The base model's first."""
    cautions: Sequence[str]
    versions: Sequence[PinnedInput]
    """All versions that the variant and its scores were made from."""
    adapter_effect: str = "not measured"
    """The size of the adapter's effect, and the share of it in the models that were scored, in a few words."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Notes on versions, such as an acceptance as made by other code."""
    imported: ImportedAdapter | None = None
    """None where it was trained here."""
