"""All that decides a step's result besides its inputs, and the digest that says whether it ran before."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sg_assets.errors import SgAssetsError
from sg_assets.store.contracts import Contract
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Recipe:
    """All that decides a step's result."""

    code: Code
    code_texts: Mapping[str, str]
    """Digest to text, stored with the versions."""
    parameters: Mapping[str, Any]
    libraries: Sequence[str] = ()
    """Distributions whose version can move the result."""
    contract: Contract = field(default_factory=Contract)
    """The demands on the table. They decide whether a result is published, not its content: no part of the digest."""

    def digest(self, ref: Ref, pinned: Sequence[Manifest]) -> str:
        """The digest that versions made of these inputs are looked up by; inputs count by content, not by version.

        Raises:
            SgAssetsError: a library is not installed.
        """
        return json_digest(
            {
                "ref": str(ref),
                "inputs": [[str(manifest.ref), manifest.fingerprint] for manifest in pinned],
                "code": self.code.fingerprint,
                "parameters": dict(self.parameters),
                "libraries": self.library_versions(),
            }
        )

    def library_versions(self) -> dict[str, str]:
        """The installed version of each library.

        Raises:
            SgAssetsError: a library is not installed.
        """
        return {name: _version(name) for name in sorted(self.libraries)}


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError as error:
        raise SgAssetsError(
            f"the package '{distribution}' is not installed",
            remedy="Run `make setup`, or pip install 'sg_assets[train]'",
        ) from error
