"""The base of all declaration records, and kinds of values that several records use."""

from typing import Annotated, Any, Final, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Tag

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""What every generator of random numbers takes."""
MovedBy = Annotated[float, Field(gt=0.0)]
"""The smallest move of a score that is worth reporting."""


class Record(BaseModel):
    """A declaration: frozen, and an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_tuple(listed: object) -> object:
    return tuple(listed) if isinstance(listed, list) else listed


LISTED: Final = BeforeValidator(_as_tuple)
"""Marks a tuple inside a record that may be of several kinds: choosing the kind makes JSON's lists Python's, which are
no tuples."""
KIND_TAG: Final = "kind:"
"""Begins the tags of records that may be of several kinds; paths of errors have them, files do not."""


def kind_tag(content: Any, absent: str = "") -> str:  # noqa: ANN401 - as declared, or a record
    """The tag of a record's kind, by its key ``kind``.

    Args:
        content: As declared, or the record.
        absent: The kind of what has no such key.
    """
    kind = content.get("kind", absent) if isinstance(content, dict) else getattr(content, "kind", absent)
    return f"{KIND_TAG}{kind}"


def tagged(annotation: Any, tag: str) -> Any:  # noqa: ANN401 - any annotation
    """The record with a tag, inside an annotation; None where there is none."""
    arguments = (*get_args(annotation), *getattr(annotation, "__metadata__", ()))
    if any(isinstance(argument, Tag) and argument.tag == tag for argument in arguments):
        return arguments[0]
    return next((record for argument in get_args(annotation) if (record := tagged(argument, tag)) is not None), None)
