"""The base of all declaration records, and kinds of values that several records use."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""What every generator of random numbers takes."""
MovedBy = Annotated[float, Field(gt=0.0)]
"""The smallest move of a score that is worth reporting."""


class Record(BaseModel):
    """A declaration: frozen, and an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
