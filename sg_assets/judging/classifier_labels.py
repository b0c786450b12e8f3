"""The outputs of a classifier that make its score."""

import json
from collections.abc import Sequence
from pathlib import Path

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.judging.judge_spec import ClassifierSpec


def require_labels(folder: Path, spec: ClassifierSpec) -> None:
    """Compare what is declared with a pinned model's configuration, before a GPU is taken.

    Args:
        folder: The list of its files, or the files.
        spec: What is declared.

    Raises:
        SgAssetsError: the model has not these labels.
    """
    from sg_assets.hub.fetch import model_folder

    path = model_folder(folder).path / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    named = config.get("id2label")
    count = len(named) if named else int(config.get("num_labels", 2))
    own = [str(named[str(column)]) for column in range(count)] if named else [f"LABEL_{n}" for n in range(count)]
    label_columns(own, spec, str(path))


def label_columns(own: Sequence[str], spec: ClassifierSpec, where: str) -> list[int]:
    """The outputs whose probabilities add up to the score.

    Args:
        own: The model's own names of its outputs.
        spec: What is declared.
        where: The model, for errors.

    Raises:
        SgAssetsError: another number of labels is declared, an unknown one, or a softmax of one output.
    """
    names = list(spec.labels or own)
    if len(names) != len(own):
        raise SgAssetsError(f"{len(names)} labels are declared", where=where, why=f"the model has {len(own)} outputs")
    if len(own) == 1 and spec.activation == "softmax":
        remedy = "Declare activation: sigmoid"
        raise SgAssetsError("the model has one output", where=where, why="its softmax is always 1", remedy=remedy)
    for label in spec.score_of:
        if label not in names:
            why = f"the model's labels are {', '.join(names)}"
            raise SgAssetsError(f"unknown label '{label}'", where=where, why=why, remedy=nearest(label, names))
    return [names.index(label) for label in spec.score_of]
