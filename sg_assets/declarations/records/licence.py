"""Licences of models, sources and outputs."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record


class Licence(Record):
    """The terms something is under: an SPDX expression, or a name and where the terms are."""

    name: str = Field(min_length=1)
    url: str | None = Field(default=None, pattern=r"^https?://[^\s<>()\"|]+$")
    """Where the terms are; needed where the name is no SPDX expression."""

    @model_validator(mode="after")
    def _to_be_found(self) -> "Licence":
        if self.url is None and self.spdx is None:
            raise ValueError(f"'{self.name}' is no SPDX expression, so it needs a url: {{name: ..., url: ...}}")
        return self

    @property
    def spdx(self) -> str | None:
        """The name as SPDX writes it; None where it is another."""
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
    """The terms of texts that come from elsewhere."""

    comments: Terms | None = None
    """Of the comments in SG_RAW."""
    toxigen: Terms | None = None
    """Of the prompts in SG_TOXIGEN_DIR."""


class Licences(Record):
    """The terms of everything a variant is made from and scored with; a missing licence counts as undeclared."""

    made_here: Terms | None = None
    """Of what is made here: generated texts, chat models with a seed, fitted judges, the rule that answers."""
    chat_models: dict[SafeName, Terms] = Field(default={})
    """Of those of the hub. An adapter's card names the terms of the chat model it stands on."""
    judges: dict[SafeName, Terms] = Field(default={})
    """Of those of the hub."""
    generator: Terms | None = None
    """Of the answers of a generator behind an endpoint."""
    sources: SourceLicences = SourceLicences()
