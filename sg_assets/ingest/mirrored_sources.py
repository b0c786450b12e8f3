"""Comments and TOXIGEN's prompts from mirrored datasets, read as those of folders are."""

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum_step import ingest_comments

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.data import Raw
    from sg_assets.store.workspace import Workspace

_GROUPS: Final[Mapping[str, str]] = {"mental_dis": "mental_disability", "physical_dis": "physical_disability"}
"""Groups that the hub's copy of TOXIGEN spells otherwise than its files."""


def ingest_mirrored_comments(
    workspace: "Workspace", mirror: str, raw: "Raw", rejected: str, log: Callable[[str], None]
) -> None:
    """Write the comments of a mirror, and every dropped row to a table of its own.

    Args:
        workspace: Of the comments.
        mirror: The asset of the files.
        raw: How they are read, with the dataset's columns.
        rejected: The table of dropped rows.
        log: Takes the counts.

    Raises:
        SgAssetsError: a file is malformed or lacks the text's column.
    """
    ingest_comments(workspace, workspace.input_path(mirror), raw, rejected, log)


def ingest_mirrored_prompts(
    workspace: "Workspace", dataset: str, seed: int, per_file: int | None, log: Callable[[str], None]
) -> None:
    """Write a sample of a dataset's TOXIGEN prompts, each distinct prompt once.

    Args:
        workspace: Of the prompts.
        dataset: The asset of its rows: ``prompt``, ``group`` and ``label``.
        seed: Decides which prompts are drawn.
        per_file: Prompts drawn of each label and group; None for all.
        log: Takes the counts.

    Raises:
        SgAssetsError: a label or a group is none of TOXIGEN's; names the row.
    """
    from sg_assets.store.sampling import lowest

    rows = workspace.table(dataset)
    prompts = _prompts(rows, dataset)
    most = prompts.height if per_file is None else per_file
    taken = lowest(prompts, most, purpose="toxigen", seed=seed, key="prompt_id", within=("label", "group"))
    workspace.details.update({"rows": rows.height, "distinct_prompts": prompts.height, "taken": taken.height})
    log(f"{rows.height} rows, {prompts.height} distinct prompts, {taken.height} taken")
    workspace.write_table(taken)


def _prompts(rows: "pl.DataFrame", dataset: str) -> "pl.DataFrame":
    import polars as pl

    from sg_assets.ingest.texts import normalise
    from sg_assets.ingest.toxigen import GROUPS

    named = rows.with_columns(pl.col("group").replace(dict(_GROUPS)))
    _require_known(named, "label", ("hate", "neutral"), dataset)
    _require_known(named, "group", GROUPS, dataset)
    written = named.select("label", "group", "prompt").drop_nulls("prompt").unique()
    lines = written["prompt"].str.replace_all("\\n", "\n", literal=True)
    distinct = written.with_columns(normalise(lines).alias("prompt")).filter(pl.col("prompt") != "").unique()
    digests = [hashlib.sha256(prompt.encode()).hexdigest()[:12] for prompt in distinct["prompt"]]
    prompt_id = pl.concat_str("label", pl.lit("_"), "group", pl.lit("_"), pl.Series("digest", digests))
    return distinct.select(prompt_id.alias("prompt_id"), "group", "label", "prompt").sort("prompt_id")


def _require_known(rows: "pl.DataFrame", name: str, known: tuple[str, ...], dataset: str) -> None:
    import polars as pl

    other = rows.filter(~pl.col(name).is_in(known).fill_null(value=False))
    if other.height:
        raise SgAssetsError(
            f"the value of '{name}' is none of TOXIGEN's",
            where=f"{dataset}, row {other['row_id'][0]}",
            why=f"{other.height} rows have another than {', '.join(known)}",
            remedy=f"Give words for its values: columns: {{{name}: {{column: ..., values: {{...}}}}}}",
        )
