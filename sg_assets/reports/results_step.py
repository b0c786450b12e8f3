"""The step that writes the results report."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sg_assets.declarations.asset_names import ITEMS, OBJECTIVES

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.reports.results import MetricColumn, VersionNote
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.workspace import Workspace


def write_results(
    workspace: "Workspace",
    declared: "Declarations",
    columns: "Sequence[MetricColumn]",
    cautions: Sequence[str],
    profile: str,
) -> None:
    """Write the page of all scores, and the report as files next to it.

    Args:
        workspace: The workspace of the report.
        declared: The declarations.
        columns: The scores to show.
        cautions: Cautions before any number.
        profile: The profile's name.
    """
    from sg_assets.reports.method_facts import facts_of
    from sg_assets.reports.render.page import page
    from sg_assets.reports.report_data import report_of
    from sg_assets.reports.report_files import write_report
    from sg_assets.reports.scoreboard import remarks_on

    store = workspace.store
    apart = (OBJECTIVES, *(asset for asset in workspace.inputs if asset.endswith(ITEMS)))
    scores = [manifest for asset, pinned in workspace.inputs.items() if asset not in apart for manifest in pinned]
    remarks = remarks_on(store, scores)
    report = report_of(declared, store, columns, scores, told=remarks, judged=workspace.inputs.get(OBJECTIVES, ()))
    workspace.result_folder.mkdir()
    write_report(report, workspace.result_folder)
    html = page(
        report,
        title=f"Safety alignment results, profile {profile}",
        notes=cautions,
        versions=[_version_note(manifest, remarks[manifest.version]) for manifest in scores],
        described={name: benchmark.description for name, benchmark in declared.benchmarks.items()},
        facts=facts_of(declared, store, scores),
    )
    (workspace.result_folder / "index.html").write_text(html, encoding="utf-8")


def _version_note(manifest: "Manifest", remark: str) -> "VersionNote":
    from sg_assets.reports.results import VersionNote

    made = manifest.finished.isoformat(timespec="seconds")
    return VersionNote(manifest.version, manifest.asset, manifest.partition or "", made, remark)
