"""A model as a list of its files with their digests. The list is the version; weights stay out of the store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sg_assets.declarations.records.model_files import NAME
from sg_assets.errors import SgAssetsError

FILE_LIST = "hub.json"
"""Name of the list in an artifact's folder."""
FilesKind = Literal["model", "adapter", "head"]
"""What the files are: a model or embedder with a config, a PEFT adapter, or a head (weights alone, ONNX as well)."""


class PinnedFile(BaseModel):
    """A file of a repository or folder."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str = Field(pattern=NAME)
    """Below the top of the repository or folder."""
    size: int
    """Size in bytes."""
    sha256: str | None = None
    """Digest of the content; of a repository, for large files."""
    git_blob: str | None = None
    """The content's id in git, for the others: sha1 over a short header and the content."""


class PinnedFiles(BaseModel):
    """Files of a repository at one commit, or of a folder, whose path stands nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    repo: str | None = None
    """``owner/name``; None for a folder."""
    revision: str | None = None
    """The branch, tag or commit asked for."""
    commit: str | None = None
    """The commit of the revision when resolved."""
    files: tuple[PinnedFile, ...]
    """The files that loading needs, sorted by name."""

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.size for file in self.files)

    @property
    def label(self) -> str:
        """How errors name where the files come from."""
        return "a folder" if self.repo is None else f"{self.repo}@{self.commit}"


class ModelFileList(BaseModel):
    """The files of a model."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: Literal[1] = 1
    repo: str | None = None
    """``owner/name``; None for a folder."""
    revision: str | None = None
    """The branch, tag or commit asked for."""
    commit: str | None = None
    """The commit of the revision when resolved."""
    trust_remote_code: bool
    """Whether the model's own Python code may run; only then are its ``.py`` files listed."""
    files: tuple[PinnedFile, ...]
    """The files that loading the model needs, sorted by name."""
    kind: FilesKind = "model"
    """What the files are."""
    converted: tuple[PinnedFile, ...] = ()
    """What the pickled weights among the files became, which is what is loaded."""
    tokenizer: PinnedFiles | None = None
    """The files of a tokenizer from elsewhere; the model's own are not listed then."""

    @property
    def own(self) -> PinnedFiles:
        """The model's own files."""
        return PinnedFiles(repo=self.repo, revision=self.revision, commit=self.commit, files=self.files)

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.size for file in self._all())

    @property
    def count(self) -> int:
        """Number of files."""
        return sum(1 for _ in self._all())

    def write(self, folder: Path) -> None:
        """Write the list into a folder: the same list gives the same bytes."""
        absent = {name for name, field in type(self).model_fields.items()
                  if name != "format" and not field.is_required() and getattr(self, name) == field.default}  # fmt: skip
        (folder / FILE_LIST).write_text(self.model_dump_json(indent=1, exclude=absent) + "\n", encoding="utf-8")

    def _all(self) -> Iterator[PinnedFile]:
        yield from self.files
        if self.tokenizer is not None:
            yield from self.tokenizer.files


def read_file_list(path: Path) -> ModelFileList:
    """The list that ``ModelFileList.write`` wrote.

    Raises:
        SgAssetsError: not such a list.
    """
    try:
        return ModelFileList.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise SgAssetsError("not a list of a model's files", where=str(path), why=str(error)) from error
