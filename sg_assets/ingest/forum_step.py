"""The step that ingests a folder of comments."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.declarations.records.data import Raw
    from sg_assets.store.workspace import Workspace


def ingest_comments(
    workspace: "Workspace", folder: Path, raw: "Raw", rejected: str, log: Callable[[str], None]
) -> None:
    """Write the comments of a folder, and every dropped row to a table of its own.

    Args:
        workspace: Of the comments.
        folder: Holds the files.
        raw: How they are read.
        rejected: The table of dropped rows.
        log: Takes the counts.

    Raises:
        SgAssetsError: a file is malformed, of an unknown kind or without a text column.
    """
    from sg_assets.ingest.csv_dialect import CsvDialect
    from sg_assets.ingest.files import data_folder
    from sg_assets.ingest.folder import report_skipped
    from sg_assets.ingest.forum import ColumnNames, read_comments
    from sg_assets.ingest.prepared_texts import Preparation

    columns = raw.columns
    counts = read_comments(
        folder,
        ColumnNames(
            text=columns.text,
            source=columns.source,
            split=columns.split,
            author=columns.author,
            join_text_parts=columns.join_text_parts,
            csv=CsvDialect(**raw.csv.model_dump()) if raw.csv else CsvDialect(),
        ),
        workspace.table_file,
        workspace.table_file_of(rejected),
        preparation=Preparation(raw.bots, raw.bot_phrases, raw.repair_mojibake, raw.mask_personal_data),
        keep_rejected_texts=raw.keep_rejected_texts,
    )
    workspace.details.update({**dataclasses.asdict(counts), "unreadable_rows": list(counts.unreadable_rows)})
    log(f"{counts}")
    report_skipped(data_folder(folder).skipped, workspace.details, log)
