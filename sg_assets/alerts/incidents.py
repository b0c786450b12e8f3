"""What happened, what is wrong, and what is told of it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from sg_assets.declarations.records.alerts import Severity

Status = Literal["open", "muted", "quiet", "closed"]
What = Literal["opened", "escalated", "recovered"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Subject(_Record):
    """What can fail and recover: at most one incident is open of each."""

    kind: Literal["check", "step", "run"]
    """A check of an asset, the making of an asset, or a run of which no asset is known."""
    asset: str | None = None
    partition: str | None = None
    name: str | None = None
    """The check, or the job of a run."""

    @property
    def ref(self) -> str | None:
        """``schema/table[partition]``."""
        return self.asset if self.partition is None else f"{self.asset}[{self.partition}]"

    @property
    def key(self) -> str:
        """Names it among all."""
        return f"{self.kind} {self.ref or ''} {self.name or ''}"

    def __str__(self) -> str:
        if self.kind == "check":
            return f"check {self.name} of {self.ref}"
        return f"making {self.ref}" if self.kind == "step" else f"job {self.name}"


class Event(_Record):
    """That something failed, or passed."""

    subject: Subject
    passed: bool
    at: datetime
    severity: Severity = "error"
    """How bad a failure is."""
    value: str | None = None
    """What was seen: counts, a version, a kind of error. Never an item's text."""


class Report(_Record):
    """What a run ended with."""

    run: str | None
    """None where it was reported outside any run."""
    events: tuple[Event, ...]
    """One per subject, the last it had."""
    left_out: int = 0
    """Assets that the run was to make and did not, besides those that failed."""


class Incident(_Record):
    """Something that fails, from its first failure to its recovery."""

    id: str
    subject: Subject
    severity: Severity
    status: Status
    owner: str | None = None
    opened: datetime
    """When it failed first."""
    raised: datetime
    """When it got the severity it has."""
    last: datetime
    """When it failed last."""
    closed: datetime | None = None
    failures: int = 1
    run: str | None = None
    """The last run it failed in."""
    before: str | None = None
    """What was seen when it passed last."""
    value: str | None = None
    """What was seen last."""
    muted_by: str | None = None
    """The incident that it follows from."""
    targets: tuple[str, ...] = ()
    """Who was told of it, and will be of its end."""


class Change(_Record):
    """A change of an incident that is told."""

    what: What
    incident: Incident
    """As it is after the change."""
    before: str | None
    """What was seen before."""
    now: str | None


class Notice(_Record):
    """A message, once written in the outbox never changed."""

    id: str
    """The same at every attempt, so that who gets it twice can tell."""
    at: datetime
    kind: Literal["opened", "recovered", "held_back"]
    """``opened`` where anything opened or escalated in it."""
    severity: Severity
    """Of the worst it tells."""
    title: str
    body: str
    run: str | None = None
    changes: tuple[Change, ...] = ()


class PendingNotice(_Record):
    """A notice that a target has not got."""

    notice: Notice
    target: str
    attempts: int
    tried: datetime | None
    """When it was tried last."""
    reason: str | None
    """Why that failed."""
