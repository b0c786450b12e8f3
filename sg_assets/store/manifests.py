"""The record of a version: its content, its inputs, and how it was made."""

from datetime import datetime
from typing import Any, Final, Literal

from sg_assets.store.audit.results import AuditResult
from sg_assets.store.columns import Column
from sg_assets.store.machine_record import Machine
from sg_assets.store.records import Record
from sg_assets.store.refs import Ref

FORMAT: Final = 3
"""2: manifests record the contract and how its audit ended. 3: also who made the version, on which machines, at which
cost, from which store it was imported, and its acceptances. Manifests of 2 are read as they are
(``format_upgrades.py``)."""


class PinnedInput(Record):
    """An exact version that was read."""

    asset: str
    partition: str | None
    version: str
    fingerprint: str

    @property
    def ref(self) -> Ref:
        """The asset partition it is a version of."""
        return Ref.of(self.asset, self.partition)


class Code(Record):
    """The code a version was made by."""

    fingerprint: str
    texts: dict[str, str]
    """SQL and other texts the step read, by file: the digest each is kept under in ``code/``. Before format 3 the
    source text of every module behind the step as well, by import name."""
    definitions: str | None = None
    """The fingerprint of the definitions the step reached; None before format 3, when whole modules counted."""
    listing: str | None = None
    """The digest of their listing under ``code/``, which names the whole package they stood in."""
    python: str | None = None
    """Python's minor version. It decides nothing by itself."""


class GitState(Record):
    """The working tree a version was made in, for people; the code fingerprint is what counts."""

    commit: str
    dirty: bool


class MadeBy(Record):
    """Who did something to the store."""

    user: str
    """The name of the user the process ran as."""
    host: str
    """The name of the host it ran on."""

    def __str__(self) -> str:
        return f"{self.user}@{self.host}"


class Spend(Record):
    """What a version cost, as far as it is known."""

    calls: int | None = None
    """Requests to a model that were paid for."""
    tokens: int | None = None
    """Tokens read and written by them."""
    money: float | None = None
    """In ``currency``."""
    currency: str | None = None
    """Its code, such as ``EUR``."""


class Origin(Record):
    """Where a version came from that was imported."""

    store: str
    """The URL of the store it was taken from."""
    version: str
    """Its id there."""
    digest: str
    """Digest of its manifest there."""


class AcceptedAs(Record):
    """An acceptance that a version inherits: it is the content of an accepted version, recorded anew."""

    mark: str
    """The name of the mark (``marks.py``). It counts as long as nothing undoes it."""
    version: str
    """The version it was given for."""
    recipe: str
    """The recipe it counts as made by."""


class Manifest(Record):
    """One immutable version of one asset partition. What has no manifest does not exist."""

    format: Literal[3] = FORMAT
    asset: str
    partition: str | None
    version: str
    """A ULID and a short fingerprint: sorts by time, never contested."""
    kind: Literal["table", "folder"]
    fingerprint: str
    """The content's name, order-free for tables; also the asset's data version in Dagster."""
    algorithm: str
    """How the fingerprint was taken."""
    object: str
    """Where the content lies, relative to the store's root."""
    files: dict[str, str]
    """The sha256 of each file, by name inside the object (``.`` for a table's one file)."""
    bytes: int
    rows: int | None
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """The columns that identify a row, as its contract says; empty where it demands no key, or was not recorded."""
    inputs: tuple[PinnedInput, ...]
    made_with: tuple[PinnedInput, ...] = ()
    """The other outputs of the same step."""
    recipe: str
    """Digest of pinned inputs, code, parameters and libraries: equal recipes need no second run."""
    code: Code
    parameters: dict[str, Any]
    libraries: dict[str, str]
    """Versions of the libraries that can move the result."""
    contract: str
    """Digest of what the content was audited for."""
    audit: tuple[AuditResult, ...]
    checks_seconds: float | None = None
    """Wall time of the audit; part of `seconds`. None of folders, and where no audit was run or timed."""
    details: dict[str, Any]
    """What the work reported: counts, losses, cost. Never item texts, never secrets."""
    run_id: str
    git: GitState | None
    started: datetime
    finished: datetime
    made_by: MadeBy | None = None
    """Of the process that made it; None where that was not recorded, as before format 3."""
    machines: tuple[Machine, ...] = ()
    """Where its numeric work ran, answers included that were read from a cache; several where those ran elsewhere."""
    spend: Spend | None = None
    """What it cost; None where that was not recorded."""
    origin: Origin | None = None
    """Where it was imported from; None where it was made in this store."""
    accepted_as: tuple[AcceptedAs, ...] = ()
    """Acceptances of the version whose content this one records anew, with other inputs or another contract. Marks of
    its own lie under ``marks/``."""

    @property
    def ref(self) -> Ref:
        """The asset partition this is a version of."""
        return Ref.of(self.asset, self.partition)

    @property
    def not_reproducible(self) -> str:
        """Why equal inputs need not give its rows again, as its declaration said; empty where they do."""
        return "; ".join(self.details.get("not_reproducible", ()))

    @property
    def seconds(self) -> float:
        """Wall time of the work."""
        return (self.finished - self.started).total_seconds()

    def pin(self) -> PinnedInput:
        """The version as an input of another."""
        return PinnedInput(
            asset=self.asset, partition=self.partition, version=self.version, fingerprint=self.fingerprint
        )


class HeadEntry(Record):
    """One entry of the append-only log that says what is current."""

    action: Literal["publish", "revert", "release", "repair"]
    """By a step; by hand, back to an earlier version; by hand, out of quarantine; by hand, after an entry was lost."""
    version: str
    replaces: str | None
    """The version that was current before."""
    stale_inputs: tuple[PinnedInput, ...]
    """Inputs of the version whose content was no longer current when it became so."""
    run_id: str | None
    """The Dagster run; None by hand."""
    note: str | None
    """Why, in the words of whoever did it by hand."""
    at: datetime
    by: MadeBy | None = None
    """Who did it by hand; None for a step, and where that was not recorded."""
