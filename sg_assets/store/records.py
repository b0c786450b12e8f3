"""What every record of the store has in common: it never changes, and holds nothing that is not described."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record; a field nobody described is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
