"""A hub model as a list of its files with their digests. The list is the version; weights stay out of the store."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sg_assets.errors import SgAssetsError

FILE_LIST = "hub.json"
"""Name of the list in an artifact's folder."""


class HubFile(BaseModel):
    """A file of a repository."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str = Field(pattern=r"^\w[\w.+-]*$")
    """A file at the top of the repository, without a folder."""
    size: int
    """Size in bytes."""
    sha256: str | None = None
    """Digest of the content; for large files."""
    git_blob: str | None = None
    """The content's id in git, for the others: sha1 over a short header and the content."""


class HubSnapshot(BaseModel):
    """A repository at one commit."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: Literal[1] = 1
    repo: str
    """``owner/name``."""
    revision: str
    """The branch, tag or commit asked for."""
    commit: str
    """The commit of the revision when resolved."""
    trust_remote_code: bool
    """Whether the repository's own Python code may run; only then are its ``.py`` files listed."""
    files: tuple[HubFile, ...]
    """The files that loading the model needs, sorted by name."""

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.size for file in self.files)

    def write(self, folder: Path) -> None:
        """Write the list into a folder: the same snapshot gives the same bytes."""
        (folder / FILE_LIST).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_snapshot(path: Path) -> HubSnapshot:
    """The list that ``HubSnapshot.write`` wrote.

    Raises:
        SgAssetsError: not such a list.
    """
    try:
        return HubSnapshot.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise SgAssetsError("not a list of a hub model's files", where=str(path), why=str(error)) from error
