"""What changed since the version published before, on a score's materialization."""

import dagster as dg

from sg_assets.assets.project import Project
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest


def what_changed(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """The main causes and a line per rate; nothing for a first version, or where the content is the one before.

    No rows are compared: that is for the page, whose command is named.
    """
    from sg_assets.lineage.choosing import published_before
    from sg_assets.lineage.views.markdown import summary
    from sg_assets.lineage.why import why

    try:
        before = published_before(project.store, manifest)
    except SgAssetsError as error:
        return {"what_changed": dg.MetadataValue.text(f"cannot be known: {error.what}")}
    if before is None or before.fingerprint == manifest.fingerprint:
        return {}
    benchmark = project.declared.benchmarks.get(manifest.ref.table)
    better = {(one.metric, one.slice): one.better for one in benchmark.shown} if benchmark else {}
    found = why(project.store, before, manifest, better=better, rows=False)
    return {"what_changed": dg.MetadataValue.md(summary(found))}
