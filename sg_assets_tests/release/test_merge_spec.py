"""The spec of a merging job."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.release.merge_spec import MergeSpec, read_spec
from sg_assets_tests.adapters.micro_adapters import applied


def test_a_spec_is_read_as_written(tmp_path: Path) -> None:
    spec = MergeSpec(
        base_model=Path("b"),
        trust_remote_code=False,
        adapter=applied(Path("a")),
        output_dir=Path("o"),
        facts=Path("f"),
    )
    (tmp_path / "spec.json").write_text(spec.model_dump_json())
    assert read_spec(tmp_path / "spec.json") == spec


def test_a_spec_that_does_not_fit_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text('{"base_model": "x"}')
    with pytest.raises(SgAssetsError, match=r"spec\.json: the merging spec is not valid"):
        read_spec(tmp_path / "spec.json")


def test_a_spec_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no such merging spec"):
        read_spec(tmp_path / "spec.json")
