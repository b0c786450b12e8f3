"""What all assets have in common, applied to all of them at once: tags, code references, automation."""

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
    """Tags, code versions, code references and automation conditions of a project's assets."""

    def __init__(self, project: Project, asset_defs: Mapping[str, AssetDef]) -> None:
        """Compute the conditions and costs of all assets once."""
        self._project = project
        self._asset_defs = asset_defs
        self._paid = needs_of(project, asset_defs).paid
        self.made_with = {name: node.output_of for name, node in project.graph.nodes.items() if node.output_of}
        """By extra output, the asset whose work makes it."""
        self.conditions = conditions(project, asset_defs, self._paid)
        """Automation conditions by asset."""

    def applied_to(self, asset: dg.AssetsDefinition) -> dg.AssetsDefinition:
        """An asset under the policy."""
        return asset.map_asset_specs(self._spec)

    def _spec(self, spec: dg.AssetSpec) -> dg.AssetSpec:
        name = spec.key.to_user_string()
        step_asset = self.made_with.get(name, name)
        asset_def = self._asset_defs[step_asset]
        return spec.replace_attributes(**self._attributes(name, step_asset, asset_def)).merge_attributes(
            metadata={"dagster/code_references": code_references(self._project, name, asset_def)}
        )

    def _attributes(self, name: str, step_asset: str, asset_def: AssetDef) -> dict[str, Any]:
        profile, sql = self._project.declared.profile, self._project.declared.sql.get(step_asset)
        work = "gpu" if asset_def.pool is not None else "endpoint" if step_asset in self._paid else "cheap"
        return {
            "tags": {"profile": profile.name, "work": work},
            "automation_condition": self.conditions.get(name),
            "code_version": sql and sha256(sql.query.canonical.encode()).hexdigest()[:16],
        }
