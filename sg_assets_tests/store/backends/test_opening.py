"""A store is opened in a folder, or reached through fsspec."""

from pathlib import Path

import pytest
from upath import UPath

from sg_assets.errors import SgAssetsError
from sg_assets.store.backends import opening
from sg_assets.store.store import Store


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(*_: object) -> None:
        raise ImportError("Please install gcsfs to access Google Storage")

    monkeypatch.setattr(opening, "RemoteFiles", missing)
    with pytest.raises(SgAssetsError, match=r"gs://bucket/x: .* cannot be reached\. Please install gcsfs"):
        Store(UPath("gs://bucket/x"), "demo", tmp_path)
