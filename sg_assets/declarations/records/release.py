"""Which variants are released, and to which hub repository."""

from pydantic import Field, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.errors import nearest


class HubTarget(Record):
    """The repository of the Hugging Face Hub that a release is sent to, on demand."""

    repo: str = Field(pattern=r"^\w[\w.-]*/\w[\w.-]*$")
    """``owner/name``."""
    private: bool = True
    """Whether the repository is private if the release creates it."""


class Release(Record):
    """Which variants are released, and what a release holds."""

    variants: tuple[SafeName, ...] = ()
    """The variants to release; each must have an adapter. None by default."""
    despite: tuple[SafeName, ...] = ()
    """Blocking objectives that do not block a release here; the card says so."""
    merged: bool = False
    """Whether the release includes the base model with the adapter merged into it."""
    hub: dict[SafeName, HubTarget] = Field(default={})
    """Where ``sg-assets release --push`` sends a variant; nothing is sent without that command."""

    @model_validator(mode="after")
    def _sent_what_is_released(self) -> "Release":
        for name in self.hub:
            if name not in self.variants:
                raise ValueError(f"hub: '{name}' is not released. {nearest(name, self.variants)}")
        return self

    @field_validator("variants", "despite")
    @classmethod
    def _named_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"'{name}' is named twice")
        return names
