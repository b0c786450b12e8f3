"""Documents go to the terminal or to a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.text import Text

from sg_assets.cli.options import Format
from sg_assets.cli.output import write_document

DOCUMENTS: dict[Format, Callable[[], str]] = {Format.md: lambda: "# Title\n"}


def test_a_document_is_written_as_given(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write_document(Format.md, None, text=lambda: Text("-"), documents=DOCUMENTS)
    write_document(Format.md, tmp_path / "out.md", text=lambda: Text("-"), documents=DOCUMENTS)
    assert capsys.readouterr().out == (tmp_path / "out.md").read_text() == "# Title\n"


def test_text_in_a_file_has_lines_of_120_characters(tmp_path: Path) -> None:
    write_document(Format.text, tmp_path / "out.txt", text=lambda: Text("word " * 40), documents=DOCUMENTS)
    lines = (tmp_path / "out.txt").read_text().splitlines()
    assert max(map(len, lines)) <= 120
    assert len(lines) == 2
