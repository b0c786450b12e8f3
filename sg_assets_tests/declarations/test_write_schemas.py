"""Schemas, reference and the schema lines of YAML files are written from the records."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.schemas import LINE
from sg_assets.declarations.write_schemas import main, written
from sg_assets_tests.paths import PROJECT


def test_what_is_written_is_what_the_records_say() -> None:
    stale = [path for path, text in written(PROJECT).items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run `make schemas`"


def test_a_file_gets_the_line_of_its_schema_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mix = tmp_path / "models/mixes/balanced.yaml"
    mix.parent.mkdir(parents=True)
    shutil.copy(PROJECT / "models/mixes/balanced.yaml", mix)
    shipped = mix.read_text()
    mix.write_text(shipped.partition("\n")[2])
    monkeypatch.chdir(tmp_path)
    main()
    assert mix.read_text() == shipped
    main()
    assert mix.read_text().count(LINE) == 1
