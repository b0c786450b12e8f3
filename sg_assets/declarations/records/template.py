"""Templates, few-shot examples and lexicon entries: lines of the files that prompts are made from."""

from pydantic import field_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record


class Template(Record):
    """An instruction wrapped around a raw text."""

    id: SafeName
    """The template's name in keys: ``<text_id>:<id>``."""
    text: str
    """The instruction, with ``{text}`` exactly once."""
    safe_ok: bool
    """Whether it may wrap safe texts (ten of the article's templates draw unsafe answers even from safe ones)."""

    @field_validator("text")
    @classmethod
    def _one_slot(cls, text: str) -> str:
        if text.count("{text}") != 1:
            raise ValueError(f"must hold {{text}} exactly once, holds it {text.count('{text}')} times")
        return text


class FewShot(Record):
    """An example shown to the generator: an unsafe prompt and the safe answer wanted."""

    id: SafeName
    text: str
    answer: str


class LexiconEntry(Record):
    """A harmful local term, explained to the generator."""

    term: str
    meaning: str
