"""The labels of people: every label ever given, the newest of each person, and what people agree on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.workspace import Workspace

UNDECIDED: Final = "undecided"
LABELS: Final = ("yes", "no", UNDECIDED)
"""What a person may answer to: is the flag true of the answer?"""
ANSWER: Final = ("benchmark", "variant", "item_id", "answer", "flag")
"""Identifies an answer and the question that was asked of it."""
KEY: Final = (*ANSWER, "annotator", "imported")


def label_schema() -> "dict[str, pl.DataType]":
    """The columns of ``labels/answers``."""
    import polars as pl

    texts = dict.fromkeys((*ANSWER, "annotator"), pl.String())
    return {
        **texts,
        "imported": pl.Datetime("us"),
        **dict.fromkeys(("label", "sample", "stratum"), pl.String()),
        "inclusion": pl.Float64(),
        "cluster_id": pl.String(),
        "slices": pl.List(pl.String()),
        **dict.fromkeys(("prompt", "response"), pl.String()),
    }


def write_labels(workspace: "Workspace", labels: "pl.DataFrame") -> None:
    """Write all labels.

    Args:
        workspace: Of the labels.
        labels: Every label ever given that is to be kept, in any order.
    """
    import polars as pl

    schema = label_schema()
    workspace.write_table(labels.select(pl.col(name).cast(kind) for name, kind in schema.items()).sort(KEY))
    people = labels["annotator"].n_unique()
    workspace.details.update({"labels": labels.height, "annotators": people})


def copy_labels(workspace: "Workspace") -> None:
    """Write the labels of the imports that the recipe names: a copy of the version that has them, or none at all.

    Raises:
        SgAssetsError: no version has them.
    """
    import polars as pl

    imports: list[Mapping[str, Any]] = list(workspace.parameters["imports"])
    if not imports:
        write_labels(workspace, pl.DataFrame(schema=label_schema()))
        return
    versions = reversed(workspace.store.versions(workspace.ref))
    version = next((known for known in versions if list(known.parameters["imports"]) == imports), None)
    if version is None:
        problem, remedy = "no version has the labels of these imports", "Import the sheets again"
        raise SgAssetsError(problem, where=str(workspace.ref), remedy=remedy)
    write_labels(workspace, pl.read_parquet(workspace.store.path(version)))


def newest_labels(labels: "pl.DataFrame") -> "pl.DataFrame":
    """The last label of each person for each answer and flag; earlier ones are kept and do not count."""
    last = labels.sort(KEY).group_by(*ANSWER, "annotator", maintain_order=True).last()
    return last.select(labels.columns).sort(KEY)


def agreed_answers(newest: "pl.DataFrame") -> "pl.DataFrame":
    """What people agree on, by answer and flag: ``yes``, ``no``, or ``undecided``, by majority.

    As many for as against, or nobody who decided: undecided.

    Args:
        newest: As `newest_labels` gives them.
    """
    import polars as pl

    votes = (pl.col("label") == "yes").cast(pl.Int64) - (pl.col("label") == "no").cast(pl.Int64)
    balance = newest.group_by(ANSWER).agg(votes.sum().alias("balance")).sort(ANSWER)
    agreed = pl.when(pl.col("balance") > 0).then(pl.lit("yes")).when(pl.col("balance") < 0).then(pl.lit("no"))
    return balance.select(*ANSWER, agreed.otherwise(pl.lit(UNDECIDED)).alias("agreed"))
