from pathlib import Path

import pytest

from sg_assets.leaderboard.job import main


def test_a_spec_that_does_not_fit_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"variant": "base", "tasks": ["mmlu"]}')
    assert main([str(file)]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "tasks.0" in message
    assert "base_model" in message
