"""Records of alerts: events, incidents, their changes, and notices."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sg_assets.declarations.records.alerts import Severity

IncidentStatus = Literal["open", "muted", "quiet", "closed"]
ChangeKind = Literal["opened", "escalated", "recovered"]


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, validate_by_name=True, serialize_by_alias=True
    )


class Subject(_Record):
    """A check, step or run that can fail and recover; it has at most one incident that is not closed."""

    kind: Literal["check", "step", "run"]
    """A check of an asset, the step that makes an asset, or a run that failed for no known asset."""
    asset: str | None = None
    """Asset key, ``schema/table``."""
    partition: str | None = None
    """Partition key."""
    name: str | None = None
    """Name of the check, or of the run's job."""

    @property
    def ref(self) -> str | None:
        """``schema/table[partition]``."""
        return self.asset if self.partition is None else f"{self.asset}[{self.partition}]"

    @property
    def key(self) -> str:
        """The text that identifies the subject in the database."""
        return f"{self.kind} {self.ref or ''} {self.name or ''}"

    def __str__(self) -> str:
        if self.kind == "check":
            return f"check {self.name} of {self.ref}"
        return f"making {self.ref}" if self.kind == "step" else f"job {self.name}"


class Event(_Record):
    """A subject failed or passed."""

    subject: Subject
    passed: bool
    at: datetime
    """When it did."""
    severity: Severity = "error"
    """How bad a failure is."""
    value: str | None = None
    """The observed value: counts, a version, a kind of error. Never an item's text."""


class RunOutcome(_Record):
    """The events of a finished run."""

    run: str | None
    """Run id; None for events reported outside any run."""
    events: tuple[Event, ...]
    """The last event of each subject."""
    left_out: int = 0
    """Assets that the run was to make and did not make, without those that failed."""


class Incident(_Record):
    """A subject that fails, from its first failure to its recovery."""

    id: str
    subject: Subject
    severity: Severity
    status: IncidentStatus
    owner: str | None = None
    opened: datetime
    """When the subject failed first."""
    raised: datetime
    """When the incident got its present severity."""
    last: datetime
    """When the subject failed last."""
    closed: datetime | None = None
    """When the incident ended; None while it has not."""
    failures: int = 1
    """How often the subject failed."""
    run: str | None = None
    """The last run the subject failed in."""
    before: str | None = None
    """The value observed when the subject passed last."""
    value: str | None = None
    """The value observed last."""
    muted_by: str | None = None
    """Id of the upstream incident that explains this one."""
    targets: tuple[str, ...] = ()
    """Targets that got a notice of the incident, and get one of its recovery."""


class IncidentChange(_Record):
    """A change of an incident that is sent in a notice."""

    kind: ChangeKind = Field(alias="what")
    """Stored and sent under the key ``what``."""
    incident: Incident
    """The incident after the change."""
    before: str | None
    """The value observed before the change."""
    now: str | None
    """The value observed at the change."""


class Notice(_Record):
    """A message about changes; once in the outbox it never changes."""

    id: str
    """The same at every attempt, so that a receiver recognises a repeated notice."""
    at: datetime
    kind: Literal["opened", "recovered", "held_back"]
    """``opened`` if any of its incidents opened or escalated."""
    severity: Severity
    """The highest severity among its incidents."""
    title: str
    body: str
    run: str | None = None
    changes: tuple[IncidentChange, ...] = ()


class PendingNotice(_Record):
    """A notice that a target has not received."""

    notice: Notice
    target: str
    attempts: int
    tried: datetime | None
    """When delivery was tried last."""
    reason: str | None
    """Why the last attempt failed."""
