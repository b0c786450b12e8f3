"""Labels that people gave, as the labels that a table knows: what is no label is refused by its row."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sg_assets.declarations.records.inspections import UNDECIDED
from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    import polars as pl


def agreed_labels(
    given: "pl.DataFrame", known: Sequence[str], means: Mapping[str, str], *, file: str, first_row: int
) -> tuple[dict[str, str], int]:
    """The label that people agree on, by text, and how many texts they are undecided about.

    Case and spaces around a label do not count.

    Args:
        given: ``id`` and ``given``, row by row.
        known: The labels of the table.
        means: What other labels of people mean: a known label, or ``undecided``.
        file: Names the sample in errors.
        first_row: The number of its first row.

    Raises:
        SgAssetsError: a row has no id, or a label that is neither known nor declared; names file and row.
    """
    import polars as pl

    plain = given.with_row_index("row", offset=first_row).select(
        "row",
        pl.col("id").fill_null("").str.strip_chars(),
        "given",
    )
    for row in plain.filter(pl.col("id") == "").head(1)["row"]:
        raise SgAssetsError(
            "a label is of no text", where=f"{file}, row {row}", remedy="Give the text's id, or remove the row."
        )
    labelled = known_labels(plain, known, means, file=file)
    by_text = labelled.group_by("id").agg(pl.col("label").unique()).sort("id")
    agreed = by_text.filter(pl.col("label").list.len() == 1).with_columns(pl.col("label").list.first())
    decided = agreed.filter(pl.col("label") != UNDECIDED)
    return dict(decided.iter_rows()), by_text.height - decided.height


def known_labels(
    given: "pl.DataFrame", known: Sequence[str], means: Mapping[str, str], *, file: str, declared_in: str = "the rule"
) -> "pl.DataFrame":
    """Rows with a column ``label``: the known label that each row's ``given`` is, or is declared to mean.

    Case and spaces around a label do not count.

    Args:
        given: ``row`` and ``given``, and any further columns.
        known: The labels there are.
        means: What other labels of people mean: a known label, or ``undecided``.
        file: Names the file in errors.
        declared_in: Where meanings are declared, for errors.

    Raises:
        SgAssetsError: a label is neither known nor declared; names file and row.
    """
    import polars as pl

    meanings = {_plain(label): label for label in known} | {_plain(name): label for name, label in means.items()}
    plain = pl.col("given").fill_null("").str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    labelled = given.with_columns(given=plain).with_columns(
        label=pl.col("given").replace_strict(meanings, default=None, return_dtype=pl.String)
    )
    for row, label in labelled.filter(pl.col("label").is_null()).select("row", "given").head(1).iter_rows():
        raise _unknown(label, known, where=f"{file}, row {row}", declared_in=declared_in)
    return labelled


def _plain(label: str) -> str:
    return label.strip().lower()


def _unknown(label: str, known: Sequence[str], *, where: str, declared_in: str) -> SgAssetsError:
    """The error for a label. Longer texts are not quoted: somebody may have put a comment there."""
    named = f"'{label}'" if label.replace("_", "").replace("-", "").isalnum() and len(label) <= 20 else "this text"
    declared = json.dumps(label if label.isalnum() and len(label) <= 20 else "")
    meant = json.dumps(known[0]) if known[0] == "yes" else known[0]  # without quotes, YAML reads true
    return SgAssetsError(
        f"{named} is not a label" if label else "the label is empty",
        where=where,
        why=f"the labels are {', '.join(known)}",
        remedy=f"{nearest(label, known)} Or declare what it means in {declared_in}: "
        f"`means: {{{declared}: {meant}}}`, or `{UNDECIDED}` to leave such rows out.",
    )
