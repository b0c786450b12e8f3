"""What stands in an embedder's folder."""

from pathlib import Path

import pytest

from sg_assets.embedding.embedder_spec import SentenceSpec, read_embedder_spec
from sg_assets.errors import SgAssetsError


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    spec = SentenceSpec(pooling="cls", prompt="query: ")
    spec.write(tmp_path)
    assert read_embedder_spec(tmp_path) == spec


def test_our_own_embedder_describes_itself(tmp_path: Path) -> None:
    (tmp_path / "embedder.json").write_text('{"format": 1}')
    assert read_embedder_spec(tmp_path) is None


@pytest.mark.parametrize(("content", "error"), [(None, "embedder.json is missing"), ("{", "not an embedder's"),
                                                ('{"kind": "x"}', "not an embedder's")])  # fmt: skip
def test_another_folder_is_refused(tmp_path: Path, content: str | None, error: str) -> None:
    if content is not None:
        (tmp_path / "embedder.json").write_text(content)
    with pytest.raises(SgAssetsError, match=error):
        read_embedder_spec(tmp_path)
