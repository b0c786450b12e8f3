"""What stands in a judge's folder."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.judging.judge_spec import ClassifierSpec, HeadSpec, JudgeSpec, read_judge_spec


@pytest.mark.parametrize(
    "spec", [ClassifierSpec(score_of=("toxic",), sees=("prompt", "response")), HeadSpec(file="a.onnx")]
)
def test_it_is_read_as_it_was_written(tmp_path: Path, spec: JudgeSpec) -> None:
    spec.write(tmp_path)
    assert read_judge_spec(tmp_path) == spec


def test_a_linear_judge_describes_itself(judge_folder: Path) -> None:
    assert read_judge_spec(judge_folder) is None


@pytest.mark.parametrize(("content", "error"), [(None, "judge.json is missing"), ('{"kind": "x"}', "not a judge's")])
def test_another_folder_is_refused(tmp_path: Path, content: str | None, error: str) -> None:
    if content is not None:
        (tmp_path / "judge.json").write_text(content)
    with pytest.raises(SgAssetsError, match=error):
        read_judge_spec(tmp_path)
