"""The step that fits a head on labelled texts and measures it on groups that it has not seen."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.embedding.embedder_spec import FILES, SPEC_FILE
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.judging.judge_parts import write_head
from sg_assets.judging.judge_spec import EMBEDDER, HEAD
from sg_assets.judging.kind_scores import Asked, StartJob, files_of

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.embedder import TorchOptions
    from sg_assets.declarations.records.judge_model import EmbeddingHead, HeadFit
    from sg_assets.judging.head_fit import LabelledTexts
    from sg_assets.store.workspace import Workspace


def fit_embedding_head(
    workspace: "Workspace",
    declared: "EmbeddingHead",
    options: "TorchOptions | None",
    *,
    root: Path,
    seed: int,
    memories: Path,
    start: StartJob,
    log: Callable[[str], None],
) -> None:
    """Fit a judge's head, and write its folder and its figures on groups that it has not seen.

    Args:
        workspace: Of the judge.
        declared: The judge; its head is fitted.
        options: How its embedder runs.
        root: What relative paths of folders lie below.
        seed: Decides which groups are kept out.
        memories: Folder of kept vectors, a folder per embedder.
        start: Runs the embedding in a process of its own.
        log: Takes a line with the figures.

    Raises:
        SgAssetsError: the texts have not the columns, labels or groups that are needed, or files cannot be pinned.
    """
    from sg_assets.judging.head_fit import fit_head

    fit = declared.fit
    if fit is None:
        raise AssertionError("the declaration was validated: the head is fitted")
    rows = _labelled(workspace.table(fit.texts), fit)
    write_head(workspace, declared, root)
    folder = workspace.result_folder / EMBEDDER
    files = files_of({EMBEDDER: folder / FILES} if (folder / FILES).is_dir() else {})
    vectors = Asked(workspace, folder, files, _memory(memories, folder), options).vectors(rows[fit.text], start)
    head, figures = fit_head(_with_vectors(rows, vectors, fit), fit, declared.thresholds, declared.threshold, seed)
    head.write(workspace.result_folder / HEAD)
    workspace.details["on_unseen_groups"] = figures
    low, high = figures["auc_interval"]
    log(f"AUC {figures['auc']} ({low} to {high}) on {figures['n']} texts of {len(figures['groups'])} unseen groups")


def _memory(memories: Path, folder: Path) -> Path:
    """Vectors are kept by what the embedder is: the bytes of its folder, lists of pinned files among them."""
    from sg_assets.store.fingerprints import file_sha256, json_digest

    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return memories / json_digest([SPEC_FILE, *([name, file_sha256(folder / name)] for name in names)])


def _labelled(table: "pl.DataFrame", fit: "HeadFit") -> "pl.DataFrame":
    """The distinct labelled texts, in an order of their own; a text with two labels is left out."""
    import polars as pl

    for key, column in [*_columns(fit).items(), *(("slices", name) for name in fit.slices)]:
        if column not in table.columns:
            remedy = nearest(column, table.columns)
            raise SgAssetsError(f"the table has no column '{column}'", where=f"{fit.texts}, {key}", remedy=remedy)
    if table.schema[fit.label] != pl.Boolean:
        why = f"it is {table.schema[fit.label]}"
        raise SgAssetsError(f"the column '{fit.label}' is not BOOLEAN", where=f"{fit.texts}, label", why=why)
    rows = table.drop_nulls([fit.text, fit.label, fit.group]).sort(fit.text, fit.group, fit.label)
    contrary = rows.group_by(fit.text).agg(pl.col(fit.label).n_unique().alias("labels")).filter(pl.col("labels") > 1)
    return rows.join(contrary, on=fit.text, how="anti").unique(fit.text, keep="first", maintain_order=True)


def _columns(fit: "HeadFit") -> Mapping[str, str]:
    return {"text": fit.text, "label": fit.label, "group": fit.group}


def _with_vectors(rows: "pl.DataFrame", vectors: "pl.Series", fit: "HeadFit") -> "LabelledTexts":
    import numpy as np
    import polars as pl

    from sg_assets.judging.head_fit import LabelledTexts

    matrix = np.array(vectors.to_list(), dtype=np.float64).reshape(len(vectors), -1)
    named = {name: rows[name].cast(pl.String).fill_null("").to_numpy().astype(str) for name in (fit.group, *fit.slices)}
    slices = {name: named[name] for name in fit.slices}
    return LabelledTexts(matrix, rows[fit.label].to_numpy(), named[fit.group], slices)
