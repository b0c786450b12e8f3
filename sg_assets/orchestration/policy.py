"""What every asset shows and obeys, laid over all of them at once: tags, code references, automation."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import dagster as dg

from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.automation import conditions
from sg_assets.orchestration.code_references import code_references
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import needs_of


class Policy:
    """What a project's declarations say of all its assets."""

    def __init__(self, project: Project, asset_defs: Mapping[str, AssetDef]) -> None:
        """Decide it once."""
        self._project = project
        self._makings = asset_defs
        self._paid = needs_of(project, asset_defs).paid
        self.together = {name: node.output_of for name, node in project.graph.nodes.items() if node.output_of}
        """The asset whose work makes each further one."""
        self.conditions = conditions(project, asset_defs, self._paid)
        """Automation conditions by asset."""

    def dressed(self, asset: dg.AssetsDefinition) -> dg.AssetsDefinition:
        """An asset under the policy."""
        return asset.map_asset_specs(self._spec)

    def _spec(self, spec: dg.AssetSpec) -> dg.AssetSpec:
        name = spec.key.to_user_string()
        first = self.together.get(name, name)
        asset_def = self._makings[first]
        return spec.replace_attributes(**self._attributes(name, first, asset_def)).merge_attributes(
            metadata={"dagster/code_references": code_references(self._project, name, asset_def)}
        )

    def _attributes(self, name: str, first: str, asset_def: AssetDef) -> dict[str, Any]:
        profile, sql = self._project.declared.profile, self._project.declared.sql.get(first)
        work = "gpu" if asset_def.pool is not None else "endpoint" if first in self._paid else "cheap"
        return {
            "tags": {"profile": profile.name, "work": work},
            "automation_condition": self.conditions.get(name),
            "code_version": sql and sha256(sql.query.canonical.encode()).hexdigest()[:16],
        }
