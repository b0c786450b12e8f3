"""Generated files instead of a user's, ingested in the same way."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum_step import ingest_comments
from sg_assets.ingest.toxigen_step import ingest_prompts

if TYPE_CHECKING:
    from sg_assets.declarations.records.data import Raw
    from sg_assets.declarations.records.profile import Profile
    from sg_assets.store.workspace import Workspace

_GENERATED_PER_FILE = 20
"""Generated TOXIGEN-like prompts per file, where a profile that takes all of them does not say."""


def ingest_generated_comments(
    workspace: "Workspace", raw: "Raw", rejected: str, profile: "Profile", log: Callable[[str], None]
) -> None:
    """Write the generated corpus as a file of comments, and ingest it.

    Args:
        workspace: Of the comments.
        raw: How comments are read.
        rejected: The table of dropped rows.
        profile: Says whether comments are generated.
        log: Takes the counts.

    Raises:
        SgAssetsError: the profile generates none.
    """
    import polars as pl

    _require_generated(profile, "comments", "SG_RAW", "a folder of comments")
    folder = _new_folder(workspace)
    generated = workspace.table("demo/corpus").select("text", given_split="part", source=pl.lit("generated"))
    generated.write_parquet(folder / "comments.parquet")
    ingest_comments(workspace, folder, raw, rejected, log)


def ingest_generated_prompts(
    workspace: "Workspace", seed: int, per_file: int | None, profile: "Profile", log: Callable[[str], None]
) -> None:
    """Write prompt files in TOXIGEN's layout, and sample them.

    Args:
        workspace: Of the prompts.
        seed: Decides the texts, and which prompts are drawn.
        per_file: Prompts drawn of each file; None for all.
        profile: Says whether prompts are generated.
        log: Takes the counts.

    Raises:
        SgAssetsError: the profile generates none.
    """
    from sg_assets.demo.toxigen_files import write_prompt_files

    _require_generated(profile, "TOXIGEN prompts", "SG_TOXIGEN_DIR", "the prompts folder of TOXIGEN")
    folder = _new_folder(workspace)
    write_prompt_files(folder, seed, per_file or _GENERATED_PER_FILE)
    ingest_prompts(workspace, folder, seed, per_file, log)


def ingest_generated_sentences(
    workspace: "Workspace", seed: int, per_file: int | None, profile: "Profile", log: Callable[[str], None]
) -> None:
    """Write prompt files in TOXIGEN's layout, and take their sentences: made ones, of invented peoples.

    Args:
        workspace: Of the sentences.
        seed: Decides the texts.
        per_file: Prompts of each file; as many as the prompts' own step generates.
        profile: Says whether prompts are generated.
        log: Takes the counts.

    Raises:
        SgAssetsError: the profile generates none.
    """
    from sg_assets.demo.toxigen_files import write_prompt_files
    from sg_assets.ingest.toxigen_sentences_step import ingest_sentences

    _require_generated(profile, "TOXIGEN sentences", "SG_TOXIGEN_DIR", "the prompts folder of TOXIGEN")
    folder = _new_folder(workspace)
    write_prompt_files(folder, seed, per_file or _GENERATED_PER_FILE)
    ingest_sentences(workspace, folder, log)


def _new_folder(workspace: "Workspace") -> Path:
    folder: Path = workspace.folder / "generated"
    folder.mkdir()
    return folder


def _require_generated(profile: "Profile", what: str, variable: str, folder: str) -> None:
    if profile.samples.corpus_comments is None:
        raise SgAssetsError(
            f"profile '{profile.name}' has no {what}", where=variable, remedy=f"Set {variable} to {folder}"
        )
