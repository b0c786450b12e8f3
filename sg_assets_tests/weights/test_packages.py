"""Packages are pinned by digest, and their files stay in the model's folder."""

from pathlib import PurePosixPath

import pytest

from sg_assets.weights.packages import PACKAGES, WeightsPackage


def test_folders_of_packages_differ() -> None:
    assert len({package.folder for package in PACKAGES}) == len(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_requirement_is_pinned(package: WeightsPackage) -> None:
    assert package.requirement == f"{package.name}=={package.version} --hash=sha256:{package.sha256}"
    assert len(package.sha256) == len(package.weights_sha256) == 64


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_files_stay_in_the_folder(package: WeightsPackage) -> None:
    targets = [PurePosixPath(target) for target in package.members.values()]
    assert not any(target.is_absolute() or ".." in target.parts for target in targets)
