"""Licences of models, sources and outputs."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record


class Licence(Record):
    """A licence: an SPDX expression, or a name and the address of the terms."""

    name: str = Field(min_length=1)
    url: str | None = Field(default=None, pattern=r"^https?://[^\s<>()\"|]+$")
    """The address of the terms; needed where the name is not an SPDX expression."""

    @model_validator(mode="after")
    def _to_be_found(self) -> "Licence":
        if self.url is None and self.spdx is None:
            raise ValueError(f"'{self.name}' is not an SPDX expression, so it needs a url: {{name: ..., url: ...}}")
        return self

    @property
    def spdx(self) -> str | None:
        """The name as SPDX writes it; None if SPDX has no such name."""
        from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

        try:
            return canonicalize_license_expression(self.name)
        except InvalidLicenseExpression:
            return None


def _short_form(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Terms = Annotated[Licence, BeforeValidator(_short_form, json_schema_input_type=str | Licence)]
"""A licence, which a file may give by its SPDX expression alone."""


class SourceLicences(Record):
    """The licences of texts from outside sources."""

    comments: Terms | None = None
    """Licence of the comments in SG_RAW, or of their dataset."""
    toxigen: Terms | None = None
    """Licence of the prompts in SG_TOXIGEN_DIR, or of their dataset."""


class Licences(Record):
    """The licences of everything a variant is made from and scored with; a missing licence counts as undeclared."""

    made_here: Terms | None = None
    """Licence of generated texts, chat models with a seed, fitted judges, and the rule that writes safe answers."""
    chat_models: dict[SafeName, Terms] = Field(default={})
    """Licences of chat models of the hub. An adapter's card names the licence of its chat model."""
    adapters: dict[SafeName, Terms] = Field(default={})
    """Licences of imported adapters, by variant."""
    datasets: dict[SafeName, Terms] = Field(default={})
    """Licences of datasets whose rows are read as tables, by name."""
    judges: dict[SafeName, Terms] = Field(default={})
    """Licences of judges of the hub."""
    generator: Terms | None = None
    """Licence of the answers of a generator behind an endpoint."""
    sources: SourceLicences = SourceLicences()
