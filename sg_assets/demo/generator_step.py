"""The step that writes the demo's generator: the name and behaviour of its rule."""

import json
from typing import TYPE_CHECKING

from sg_assets.demo.responder import BEHAVIOUR
from sg_assets.demo.unavailable_models import unavailable_model_error

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def write_generator(workspace: "Workspace", endpoint: str | None) -> None:
    """Write the rule's name and behaviour. Answers are keyed by this content, so another behaviour gets new answers.

    Args:
        workspace: Of the generator.
        endpoint: A model behind an endpoint that the profile declares instead.

    Raises:
        SgAssetsError: such a model is declared.
    """
    if endpoint is not None:
        raise unavailable_model_error(f"the generator {endpoint}", "a model behind an endpoint", "generator")
    workspace.result_folder.mkdir()
    text = json.dumps({"engine": "rule", "behaviour": BEHAVIOUR}, indent=1, sort_keys=True)
    (workspace.result_folder / "generator.json").write_text(text, encoding="utf-8")
