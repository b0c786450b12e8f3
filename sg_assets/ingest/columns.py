"""Which column of a user's file holds which field."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from sg_assets.errors import SgAssetsError


class ColumnNames(BaseModel):
    """Accepted column names per field; the first that a file has is read, whatever its case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: tuple[str, ...] = Field(min_length=1)
    """The comment itself; a file must have a column of one of these names."""
    source: tuple[str, ...] = ()
    """Where the comment comes from; a file without such a column gives its own name."""
    split: tuple[str, ...] = ()
    """The side (train, dev or holdout) for data that come with their own split."""

    def find(self, found: Sequence[str], where: str) -> dict[str, str]:
        """The file's own column names by field (``text``, and ``source`` and ``split`` where it has them).

        Raises:
            SgAssetsError: no column is an accepted name for ``text``.
        """
        known: dict[str, str] = {}
        for name in found:
            known.setdefault(name.strip().lower(), name)
        accepted = {"text": self.text, "source": self.source, "split": self.split}
        chosen = {field: _first(names, known) for field, names in accepted.items()}
        if chosen["text"] is None:
            raise SgAssetsError(
                "no column has an accepted name for the text",
                where=where,
                why=f"the file has {', '.join(found) or 'no columns'}; accepted are {', '.join(self.text)}",
                remedy="Add its column's name to `raw.columns.text` in the profile.",
            )
        return {field: name for field, name in chosen.items() if name is not None}


def _first(names: Sequence[str], known: Mapping[str, str]) -> str | None:
    return next((known[name.lower()] for name in names if name.lower() in known), None)
