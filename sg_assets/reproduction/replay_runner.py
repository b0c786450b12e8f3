"""Versions as they would be, made with the project's own steps in a place that is kept for the next replay."""

import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass

from sg_assets.reproduction.rebuild import link_caches, rebuild
from sg_assets.reproduction.stored_code import kept_code
from sg_assets.settings import Settings
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store

_FOLDER = "replays"


def replay_store(settings: Settings, store: Store) -> ScratchStore:
    """Where replays of a profile keep what they made, over its store. Losing it costs the next replay its time."""
    return ScratchStore(settings.home / _FOLDER / "store", store)


@dataclass(frozen=True)
class Maker:
    """Makes versions as they would be, each recipe once."""

    settings: Settings
    store: ScratchStore
    trust: bool = False
    """Whether stored code may run that is no commit of this checkout."""

    def __call__(self, wanted: Manifest, inputs: Sequence[Manifest]) -> Manifest:
        """A version of the parameters, texts and inputs wanted, by the installed libraries.

        Raises:
            SgAssetsError: the step fails, or what it was made with cannot be put back.
        """
        named = wanted.model_copy(update={"recipe": _recipe(wanted, inputs)})
        for one in self.store.with_recipe(named.ref, named.recipe):
            return one
        home = self.settings.home / _FOLDER
        link_caches(self.settings, home)
        answer = rebuild(self.settings, named, inputs, kept_code(self.store.beneath, named), home, trust=self.trust)
        return next(one for one in answer.versions if one.asset == named.asset)


def _recipe(wanted: Manifest, inputs: Sequence[Manifest]) -> str:
    installed = {one: importlib.metadata.version(one) for one in wanted.libraries}
    return json_digest(
        {
            "ref": str(wanted.ref),
            "inputs": [[str(one.ref), one.fingerprint] for one in inputs],
            "code": [wanted.code.definitions, wanted.code.texts],
            "parameters": wanted.parameters,
            "libraries": installed,
        }
    )
