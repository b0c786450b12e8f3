"""The generator of the demo as a version: the rule it answers by, and which behaviour that rule has."""

import json
from typing import TYPE_CHECKING

from sg_assets.demo.responder import BEHAVIOUR
from sg_assets.demo.unavailable_models import out_of_reach

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def write_generator(workspace: "Workspace", endpoint: str | None) -> None:
    """Write which rule answers. Answers are keyed by this content, so a rule of another behaviour is asked anew.

    Args:
        workspace: Of the generator.
        endpoint: The model behind an endpoint that the profile declares in its place.

    Raises:
        SgAssetsError: such a model is declared.
    """
    if endpoint is not None:
        raise out_of_reach(f"the generator {endpoint}", "a model behind an endpoint", "generator")
    workspace.result_folder.mkdir()
    text = json.dumps({"engine": "rule", "behaviour": BEHAVIOUR}, indent=1, sort_keys=True)
    (workspace.result_folder / "generator.json").write_text(text, encoding="utf-8")
