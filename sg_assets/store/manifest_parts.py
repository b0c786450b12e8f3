"""The three parts of a manifest: its content, how that was audited, and how it was produced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from ulid import ULID

from sg_assets.store.audit.results import AuditResult
from sg_assets.store.columns import Column
from sg_assets.store.machine_record import Machine
from sg_assets.store.manifests import AcceptedAs, Code, GitState, MadeBy, Manifest, Origin, PinnedInput, Spend
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Content:
    """A table or a folder, whatever it was made from."""

    kind: Literal["table", "folder"]
    fingerprint: str
    algorithm: str
    """How the fingerprint was taken."""
    object: str
    """The name of the content in the store."""
    files: Mapping[str, str]
    """The sha256 of each file, by name inside the object."""
    bytes: int
    rows: int | None
    """None of a folder."""
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """The content of an existing version."""
        return cls(
            kind=manifest.kind,
            fingerprint=manifest.fingerprint,
            algorithm=manifest.algorithm,
            object=manifest.object,
            files=manifest.files,
            bytes=manifest.bytes,
            rows=manifest.rows,
            columns=manifest.columns,
        )


@dataclass(frozen=True)
class Audit:
    """How a content was audited."""

    contract: str
    """Digest of the contract."""
    key: tuple[str, ...] = ()
    """The columns that identify a row."""
    results: tuple[AuditResult, ...] = ()
    seconds: float | None = None
    """Wall time; None where no check was evaluated."""

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """The audit of an existing version."""
        return cls(
            contract=manifest.contract, key=manifest.key, results=manifest.audit, seconds=manifest.checks_seconds
        )


@dataclass(frozen=True)
class Production:
    """How the versions of one step were produced."""

    inputs: tuple[PinnedInput, ...]
    code: Code
    parameters: Mapping[str, Any]
    libraries: Mapping[str, str]
    details: Mapping[str, Any]
    """What the work reported."""
    run_id: str
    git: GitState | None
    started: datetime
    finished: datetime
    made_by: MadeBy | None
    machines: Sequence[Machine]
    """The machines that its numeric work ran on."""
    spend: Spend | None = None
    origin: Origin | None = None

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """The production of an existing version."""
        return cls(
            inputs=manifest.inputs,
            code=manifest.code,
            parameters=manifest.parameters,
            libraries=manifest.libraries,
            details=manifest.details,
            run_id=manifest.run_id,
            git=manifest.git,
            started=manifest.started,
            finished=manifest.finished,
            made_by=manifest.made_by,
            machines=manifest.machines,
            spend=manifest.spend,
            origin=manifest.origin,
        )


def new_version(
    ref: Ref,
    recipe: str,
    content: Content,
    audit: Audit,
    production: Production,
    *,
    accepted_as: tuple[AcceptedAs, ...] = (),
) -> Manifest:
    """The manifest of a new version, under an id of its own.

    Args:
        ref: The partition it is a version of.
        recipe: Digest of its recipe.
        content: Its content, in place in the store.
        audit: How the content was audited.
        production: How it was produced.
        accepted_as: Acceptances that it inherits.
    """
    return Manifest(
        asset=ref.asset,
        partition=ref.partition,
        version=f"{ULID()}-{content.fingerprint[:8]}",
        kind=content.kind,
        fingerprint=content.fingerprint,
        algorithm=content.algorithm,
        object=content.object,
        files=dict(content.files),
        bytes=content.bytes,
        rows=content.rows,
        columns=content.columns,
        key=audit.key,
        inputs=production.inputs,
        recipe=recipe,
        code=production.code,
        parameters=dict(production.parameters),
        libraries=dict(production.libraries),
        contract=audit.contract,
        audit=audit.results,
        checks_seconds=audit.seconds,
        details=dict(production.details),
        run_id=production.run_id,
        git=production.git,
        started=production.started,
        finished=production.finished,
        made_by=production.made_by,
        machines=tuple(production.machines),
        spend=production.spend,
        origin=production.origin,
        accepted_as=accepted_as,
    )


def made_together(versions: Sequence[Manifest]) -> list[Manifest]:
    """The versions of one step, each naming the others."""
    pins = [version.pin() for version in versions]
    return [
        version.model_copy(update={"made_with": tuple(pin for pin in pins if pin.version != version.version)})
        for version in versions
    ]
