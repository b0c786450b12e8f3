from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import read_file_list
from sg_assets_tests.hub.conftest import resolved
from sg_assets_tests.hub.server import Hub


def test_the_list_is_written_and_read_back(hub: Hub, tmp_path: Path) -> None:
    snapshot = resolved(hub)
    snapshot.write(tmp_path)
    first = (tmp_path / "hub.json").read_bytes()
    resolved(hub).write(tmp_path)
    assert (tmp_path / "hub.json").read_bytes() == first
    assert read_file_list(tmp_path / "hub.json") == snapshot
    assert snapshot.bytes == 23 + 700 + 2


@pytest.mark.parametrize("changed", ['"name": "../config.json"', '"no_such_key": 1'])
def test_another_file_is_no_list(hub: Hub, tmp_path: Path, changed: str) -> None:
    resolved(hub).write(tmp_path)
    text = (tmp_path / "hub.json").read_text()
    (tmp_path / "hub.json").write_text(text.replace('"name": "config.json"', changed))
    with pytest.raises(SgAssetsError, match="not a list of a model's files"):
        read_file_list(tmp_path / "hub.json")
