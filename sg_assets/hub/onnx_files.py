"""Where an ONNX file keeps its tensors: in other files, which must be listed ones of its own folder."""

import posixpath
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sg_assets.errors import SgAssetsError
from sg_assets.text.visible import visible_line

_SHOWN = 100


def require_listed_data(folder: Path, name: str, listed: Collection[str], label: str) -> None:
    """Raise where an ONNX file names data outside of the files that were pinned.

    Args:
        folder: Holds the files.
        name: The ONNX file.
        listed: The names of all pinned files.
        label: Names the source of the files in errors.

    Raises:
        SgAssetsError: it is no ONNX file, or names a file that leaves its folder or is not pinned.
    """
    import onnx

    try:
        model = onnx.load(str(folder / name), load_external_data=False)
    except Exception as error:  # of protobuf, whatever a file makes of itself
        raise SgAssetsError(
            f"'{name}' is not ONNX", where=label, why=type(error).__name__, remedy="Name another file under weights"
        ) from error
    for location in sorted({location for tensor in _tensors(model) for location in _locations(tensor)}):
        below = posixpath.join(posixpath.dirname(name), location)
        leaves = posixpath.isabs(location) or "\\" in location or ".." in location.split("/")
        if not leaves and below in listed:
            continue
        quoted = visible_line(location)[:_SHOWN]
        why = "it leaves the model's folder" if leaves else f"it is not among the files of the model: {below[:_SHOWN]}"
        remedy = "Name another head" if leaves else f"Add it: weights: [{name}, {below[:_SHOWN]}]"
        raise SgAssetsError(f"'{name}' keeps data in '{quoted}'", where=label, why=visible_line(why), remedy=remedy)


def _tensors(message: Any) -> Iterator[Any]:  # noqa: ANN401 - a message of protobuf
    """All tensors in a message, in graphs within graphs and functions too."""
    import onnx

    waiting = [message]
    while waiting:
        current = waiting.pop()
        if isinstance(current, onnx.TensorProto):
            yield current
            continue
        for field, content in current.ListFields():
            if field.message_type is not None:
                waiting += content if field.is_repeated else [content]


def _locations(tensor: Any) -> Iterator[str]:  # noqa: ANN401 - a message of protobuf
    import onnx

    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        names = [entry.value for entry in tensor.external_data if entry.key == "location"]
        yield from names or [""]
