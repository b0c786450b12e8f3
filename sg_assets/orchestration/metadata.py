"""Metadata of a materialization in the Dagster UI: version, inputs, recipe, size and columns."""

import base64
import json
from collections.abc import Sequence

import dagster as dg

from sg_assets.adapters.probe import PROBE
from sg_assets.declarations.columns import Columns, TableColumn
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Outcome
from sg_assets.store.store import Store

_SHOWN_APART = frozenset({"curve", PROBE})
"""Details that are long and shown in a form of their own."""


def column_metadata(columns: Columns) -> dict[str, dg.MetadataValue]:
    """A table's columns with their descriptions and lineage, as metadata of its asset.

    The UI draws no column lineage, so each description names the columns it is made of, too.
    """
    lineage = {
        column.name: [dg.TableColumnDep(dg.AssetKey(asset.split("/")), name) for asset, name in column.sources]
        for column in columns
        if column.sources
    }
    return {
        "dagster/column_schema": _schema(columns),
        "dagster/column_lineage": dg.MetadataValue.column_lineage(dg.TableColumnLineage(lineage)),
    }


def _schema(columns: Columns) -> dg.TableSchemaMetadataValue:
    return dg.MetadataValue.table_schema(
        dg.TableSchema([dg.TableColumn(column.name, column.type, _description(column)) for column in columns])
    )


def _description(column: TableColumn) -> str:
    if not column.sources:
        return column.description
    return f"{column.description} From {', '.join(f'{asset}.{name}' for asset, name in column.sources)}."


def describe(outcome: Outcome, store: Store, columns: Columns) -> dict[str, dg.MetadataValue]:
    """Version, inputs, recipe, size and columns of a published version."""
    manifest = outcome.manifest
    metadata: dict[str, dg.MetadataValue] = {
        "version": dg.MetadataValue.text(manifest.version),
        "outcome": dg.MetadataValue.text(_outcome(outcome, store.heads.names_of(manifest.ref))),
        "inputs": dg.MetadataValue.md(_inputs(manifest)),
        "parameters": _json(manifest.parameters),
        "details": _json({key: value for key, value in manifest.details.items() if key not in _SHOWN_APART}),
        "code": dg.MetadataValue.text(manifest.code.fingerprint),
        "libraries": _json(manifest.libraries),
        "seconds": dg.MetadataValue.float(round(manifest.seconds, 3)),
        "path": dg.MetadataValue.path(str(store.location(manifest))),
    }
    metadata |= {name: dg.MetadataValue.text(text) for name, text in _origin(store, manifest).items()}
    if manifest.checks_seconds is not None:
        metadata["checks_seconds"] = dg.MetadataValue.float(manifest.checks_seconds)
    if manifest.rows is not None:
        metadata["dagster/row_count"] = dg.MetadataValue.int(manifest.rows)
        metadata |= column_metadata(columns)
    return metadata


def _origin(store: Store, manifest: Manifest) -> dict[str, str]:
    """Who made a version, on which machine, and whether it is accepted; as far as that is known."""
    origin: dict[str, str] = {}
    if manifest.made_by is not None:
        origin["made_by"] = str(manifest.made_by)
    if manifest.machines:
        from sg_assets.reports.machine_marks import machine_kinds_text

        origin["machine"] = machine_kinds_text(manifest)
    if manifest.not_reproducible:
        origin["reproducible"] = f"not reproducible: {manifest.not_reproducible}"
    if accepted := store.acceptances(manifest):
        origin["accepted"] = str(accepted[-1].mark)
    return origin


def png(data: bytes, name: str) -> dg.MetadataValue:
    """A picture inside markdown."""
    return dg.MetadataValue.md(f"![{name}](data:image/png;base64,{base64.b64encode(data).decode()})")


def _outcome(outcome: Outcome, entries: Sequence[str]) -> str:
    """The outcome in words; ``entries`` are the records of the partition's log."""
    if outcome.reused:
        return "nothing to do: a version of the same inputs, code and parameters exists"
    previous = outcome.previous
    if previous is None:
        return "first version" if len(entries) < 2 else "new content; the version published before cannot be read"
    if previous.fingerprint == outcome.manifest.fingerprint:
        return f"rebuilt, with the same content as {previous.version}"
    return f"new content, replaces {previous.version}"


def _inputs(manifest: Manifest) -> str:
    if not manifest.inputs:
        return "none"
    rows = [f"| {pin.ref} | `{pin.version}` | `{pin.fingerprint[:8]}` |" for pin in manifest.inputs]
    return "\n".join(["| input | version | content |", "|---|---|---|", *rows])


def _json(value: object) -> dg.MetadataValue:
    # Markdown, because the asset's overview folds it; JSON metadata it prints in full.
    return dg.MetadataValue.md(f"```json\n{json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)}\n```")
