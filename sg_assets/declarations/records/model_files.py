"""Where the files of a model come from: a repository of the Hugging Face Hub, or a folder of one's own."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sg_assets.declarations.neutral_values import Neutral
from sg_assets.declarations.records.base import LISTED, Record

NAME = r"^[A-Za-z0-9_][\w.+-]*(/[A-Za-z0-9_][\w.+-]*)*$"
"""A file of a model: no segment is hidden, leads upwards or is empty."""
FilePattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9_*?][\w.+*?-]*(/[A-Za-z0-9_*?][\w.+*?-]*)*$", max_length=200)]
"""A file's name below the repository or folder; ``*`` and ``?`` stand for letters other than ``/``."""


class FileSource(Record):
    """A repository of the hub at a revision, or a folder."""

    repo: Annotated[str | None, Field(pattern=r"^\w[\w.-]*/\w[\w.-]*$"), Neutral(None)] = None
    """``owner/name`` on the Hugging Face Hub."""
    revision: Annotated[str | None, Field(pattern=r"^\w[\w./-]*$"), Neutral(None)] = None
    """Branch, tag or commit of the repository. The commit it points to when the model is resolved is pinned."""
    path: Annotated[str | None, Field(min_length=1, max_length=1000), Neutral(None)] = None
    """A folder in place of a repository: from ``/``, or below ``SG_WEIGHTS``. Its files are pinned by digest; where
    it lies stands in no version."""

    @model_validator(mode="after")
    def _comes_from_one_source(self) -> "FileSource":
        if (self.repo is None) == (self.path is None):
            raise ValueError("needs either repo (of the Hugging Face Hub) or path (a folder), and not both")
        if self.repo is not None and self.revision is None:
            raise ValueError("repo needs a revision: a branch, a tag or, best, a commit")
        if self.path is not None and self.revision is not None:
            raise ValueError("a folder has no revision: its files are pinned by digest")
        return self

    @model_validator(mode="after")
    def _leads_down(self) -> "FileSource":
        path = self.path or ""
        if path.startswith("~") or ".." in path.split("/") or not path.isprintable():
            raise ValueError(f"path {path!r}: write it from /, or below SG_WEIGHTS, without '~' and '..'")
        return self

    @property
    def label(self) -> str:
        """How errors name it."""
        return f"path {self.path}" if self.repo is None else f"{self.repo}@{self.revision}"


class ModelFiles(FileSource):
    """The files of a model, judge, embedder or adapter that was made elsewhere."""

    trust_remote_code: bool = False
    """Whether the repository's own Python code may run on load."""
    weights: Annotated[tuple[FilePattern, ...], LISTED, Neutral(())] = ()
    """Which weights are meant, where there are several: names or patterns, such as ``models/lionguard-binary.onnx``."""
    convert: Annotated[Literal["pickle"] | None, Neutral(None)] = None
    """``pickle``: pickled weights of torch are converted to safetensors once, in a process of its own, and the
    result is pinned by digest. Refused where absent."""
    tokenizer: Annotated[FileSource | None, Neutral(None)] = None
    """A tokenizer from elsewhere, in place of the model's own."""
