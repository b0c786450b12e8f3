"""Counterfactual versions, made by the project's own steps in a scratch store that stays for the next replay."""

import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass

from sg_assets.reproduction.rebuild import link_model_caches, rebuild
from sg_assets.reproduction.stored_code import stored_code_of
from sg_assets.settings import Settings
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store

_FOLDER = "replays"


def replay_store(settings: Settings, store: Store) -> ScratchStore:
    """The scratch store of a profile's replays, over its store. Losing it costs the next replay its time."""
    return ScratchStore(settings.home / _FOLDER / "store", store)


@dataclass(frozen=True)
class ReplayRunner:
    """Makes counterfactual versions, each recipe once."""

    settings: Settings
    store: ScratchStore
    trust: bool = False
    """Whether stored code may run that is not of a commit of this checkout."""

    def __call__(self, wanted: Manifest, inputs: Sequence[Manifest]) -> Manifest:
        """A version of the wanted parameters, texts and inputs, made with the installed libraries.

        Raises:
            SgAssetsError: the step fails, or its recorded parameters cannot be restored.
        """
        wanted_version = wanted.model_copy(update={"recipe": _recipe(wanted, inputs)})
        for version in self.store.with_recipe(wanted_version.ref, wanted_version.recipe):
            return version
        home = self.settings.home / _FOLDER
        link_model_caches(self.settings, home)
        code = stored_code_of(self.store.beneath, wanted_version)
        result = rebuild(self.settings, wanted_version, inputs, code, home, trust=self.trust)
        return next(version for version in result.versions if version.asset == wanted_version.asset)


def _recipe(wanted: Manifest, inputs: Sequence[Manifest]) -> str:
    installed = {library: importlib.metadata.version(library) for library in wanted.libraries}
    return json_digest(
        {
            "ref": str(wanted.ref),
            "inputs": [[str(version.ref), version.fingerprint] for version in inputs],
            "code": [wanted.code.definitions, wanted.code.texts],
            "parameters": wanted.parameters,
            "libraries": installed,
        }
    )
