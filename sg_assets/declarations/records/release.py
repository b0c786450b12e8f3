"""Which variants are released, and to which hub repository."""

from pydantic import Field, field_validator, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.errors import nearest


class HubTarget(Record):
    """A repository of the Hugging Face Hub that a release is sent to, on demand."""

    repo: str = Field(pattern=r"^\w[\w.-]*/\w[\w.-]*$")
    """``owner/name``."""
    private: bool = True
    """Whether the repository is made private, where it does not exist yet."""


class Release(Record):
    """Which variants are released, and with what."""

    variants: tuple[SafeName, ...] = ()
    """Those that have an adapter; none by default."""
    despite: tuple[SafeName, ...] = ()
    """Blocking objectives that hold no release back all the same; the card says so."""
    merged: bool = False
    """Whether the base model with the adapter merged into it goes along."""
    hub: dict[SafeName, HubTarget] = Field(default={})
    """Where ``sg-assets release --push`` sends a variant; nothing is ever sent without being asked."""

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
