"""The payload of a job: one JSON file that says all of it, the same for every kind of work and every launcher.

Whoever launches a job copies or mounts what the payload reads, and runs ``python -m sg_assets.jobs.entry
PAYLOAD.json``; see ``docs/payloads.md``.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from sg_assets.store.manifests import Manifest

Work = Literal[
    "sg_assets.training.job",
    "sg_assets.training.probed_job",
    "sg_assets.adapters.probe_job",
    "sg_assets.demo.chat_model",
    "sg_assets.leaderboard.job",
    "sg_assets.release.merge_job",
    "sg_assets.judging.scoring_job",
    "sg_assets.jobs.step_job",
]
"""The modules whose ``main`` a job may run; no other name is imported."""
Device = Literal["auto", "cpu", "cuda"]
SPEC: Final = "spec.json"
"""The file beside the payload that the work is given."""


class Content(BaseModel):
    """The content of a version that a job reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    version: str
    fingerprint: str
    """The content's digest, by which its name in the store is made."""
    path: Path
    """Where it lies: below the store's root, or a copy of it on this machine."""


class Payload(BaseModel):
    """Everything that a job is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract: Literal[1] = 1
    """The form of this record; another one is refused."""
    work: Work
    """The module that does the work."""
    step: str
    """The partition that it is for."""
    spec: dict[str, Any]
    """The work's own spec, which its module validates."""
    reads: tuple[Content, ...]
    """Contents of the store that the work reads."""
    device: Device
    """Whether it needs a GPU card: not with ``cpu``; with ``auto`` where there is one."""
    base: str | None = None
    """The digest of the chat model that it loads: jobs of one base may run in one process after another."""

    @property
    def ref(self) -> str:
        """The partition that it is for."""
        return self.step


def contents_of(pinned: Iterable["Manifest"], find: Callable[["Manifest"], Path]) -> tuple[Content, ...]:
    """Versions as the contents that a job reads.

    Args:
        pinned: The versions.
        find: Gives where a version's content lies.
    """
    return tuple(
        Content(ref=str(version.ref), version=version.version, fingerprint=version.fingerprint, path=find(version))
        for version in pinned
    )


def write_payload(folder: Path, payload: Payload) -> Path:
    """Write a payload into a folder that its job may write to."""
    file = folder / "payload.json"
    file.write_text(payload.model_dump_json(indent=1), encoding="utf-8")
    return file


def read_payload(file: Path) -> Payload:
    """Read a payload, and look for what it reads.

    Raises:
        SgAssetsError: no such file, values that do not fit (each is named), or a content that is not there.
    """
    try:
        payload = Payload.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such payload", where=str(file)) from None
    except ValidationError as error:
        problems = "; ".join(_problem(entry) for entry in error.errors())
        raise SgAssetsError(f"the payload is not valid: {problems}", where=str(file)) from None
    for content in payload.reads:
        if not content.path.exists():
            raise SgAssetsError(
                f"the content of {content.ref} is not there", where=str(file), why=f"nothing is at {content.path}",
                remedy="Give the job the store's files, or run the step again",
            )  # fmt: skip
    return payload


def _problem(entry: Mapping[str, Any]) -> str:
    return f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}"
