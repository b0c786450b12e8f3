"""From a sheet that a person filled in to labels; a row that is not as it was drawn is refused by its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.validate.sample_labels import known_labels
from sg_assets.errors import SgAssetsError
from sg_assets.people.answer_labels import LABELS, label_schema

if TYPE_CHECKING:
    import polars as pl

_KEY = ("benchmark", "variant", "item_id")


@dataclass(frozen=True)
class Labelled:
    """What a sheet holds."""

    labels: "pl.DataFrame"
    """As rows of ``labels/answers``."""
    unlabelled: int
    """Drawn answers that the sheet has no label for."""


def sample_of(sheet: "pl.DataFrame", file: Path) -> str:
    """The sample that a sheet was written from.

    Raises:
        SgAssetsError: no row names it, or rows name several.
    """
    import polars as pl

    if sheet.is_empty():
        raise SgAssetsError("the sheet has no rows", where=str(file))
    first = str(sheet["sample"][0])
    for row in sheet.filter(pl.col("sample") != first)["row"].head(1):
        why = "all rows of a sheet are of one sample"
        raise SgAssetsError("this row is of another sample than the first", where=f"{file}, row {row}", why=why)
    return first


def labels_of(
    sheet: "pl.DataFrame",
    drawn: "pl.DataFrame",
    *,
    means: Mapping[str, str],
    declared_in: str,
    annotator: str,
    imported: datetime,
    file: Path,
) -> Labelled:
    """The labels of a sheet.

    Args:
        sheet: Its rows.
        drawn: The sample that it was written from, with texts.
        means: What other words than those of `LABELS` mean.
        declared_in: Where that is declared.
        annotator: Who gave the labels.
        imported: When they are taken in.
        file: Names the sheet in errors.

    Raises:
        SgAssetsError: a row that was not drawn, comes twice, or differs in prompt, answer or flag from what was drawn;
            a word that is no label; or no label at all. Names the row; nothing of the sheet counts then.
    """
    import polars as pl

    _refuse(sheet.filter(~pl.struct(_KEY).is_first_distinct()), "the answer comes twice in the sheet", file)
    names = {"prompt": "_prompt", "response": "_response", "flag": "_flag", "answer": "_digest"}
    texts = drawn.rename(names)
    known = sheet.join(texts, on=_KEY, how="left", maintain_order="left")
    _refuse(known.filter(pl.col("_flag").is_null()), "the answer was not drawn for this sheet", file)
    _refuse(known.filter(pl.col("answer_digest") != pl.col("_digest")), "the digest of the answer differs", file)
    for column, original in (("flag", "_flag"), ("prompt", "_prompt"), ("answer", "_response")):
        _refuse(known.filter(_plain(column) != _plain(original)), f"the {column} was edited", file)
    filled = known.filter(pl.col("label").fill_null("").str.strip_chars() != "")
    if filled.is_empty():
        remedy = f"Write {', '.join(LABELS[:-1])} or {LABELS[-1]} into the column 'label'"
        raise SgAssetsError("the sheet has no label", where=str(file), remedy=remedy)
    labelled = known_labels(
        filled.rename({"label": "given"}), LABELS, means, file=str(file), declared_in=declared_in
    ).select(
        *_KEY, "label", "sample", "stratum", "inclusion", "cluster_id", "slices",
        pl.col("_digest").alias("answer"), pl.col("_flag").alias("flag"),
        pl.col("_prompt").alias("prompt"), pl.col("_response").alias("response"),
        annotator=pl.lit(annotator), imported=pl.lit(imported.replace(tzinfo=None)),
    )  # fmt: skip
    return Labelled(labelled.select(list(label_schema())), drawn.height - labelled.height)


def _plain(column: str) -> "pl.Expr":
    """A text with line ends alike: spreadsheets write their own."""
    import polars as pl

    return pl.col(column).str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)


def _refuse(rows: "pl.DataFrame", problem: str, file: Path) -> None:
    for row in rows["row"].head(1):
        more = f" ({rows.height} such rows)" if rows.height > 1 else ""
        why = "labels are of the answers that were drawn, as they were drawn"
        remedy = "Fill in nothing but the column 'label'; write the sheet again with `sg-assets label sample`"
        raise SgAssetsError(f"{problem}{more}", where=f"{file}, row {row}", why=why, remedy=remedy)
