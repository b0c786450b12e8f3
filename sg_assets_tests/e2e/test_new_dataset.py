"""A dataset is one SQL file: the example of the documentation, as it stands there."""

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import Finished, sg_assets
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
DATASET = Ref.parse("templated/long_prompts")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The declarations, with the documented file among them."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("models", "sql"):
        shutil.copytree(PROJECT / name, folder / name)
    text = (PROJECT / "docs/how-to.md").read_text(encoding="utf-8").split("## Add a dataset")[1]
    [path] = re.findall(r"One file, `(.*?)`", text)
    [sql, *_] = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    (folder / path).write_text(sql, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(finished: Finished, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run without the dataset, and then the dataset."""
    folder = tmp_path_factory.mktemp("dataset") / "home"
    shutil.copytree(finished.home, folder)
    filled = sg_assets(folder, "backfill", str(DATASET), SG_PROJECT=str(project))
    assert filled.returncode == 0, filled.stderr
    return folder


def test_it_is_what_the_query_says_and_its_check_was_made(home: Path) -> None:
    store = Store(home / "tiny" / "store", "tiny")
    head = store.required_head(DATASET)
    rows = pl.read_parquet(store.path(head))
    assert rows.columns == ["prompt_id", "label", "letters"]
    assert rows["letters"].min() > 80  # type: ignore[operator]
    assert [(result.name, result.passed) for result in head.audit if result.name == "long_ones_only"] == [
        ("long_ones_only", True)
    ]


def test_nothing_else_was_made(finished: Finished, home: Path) -> None:
    before, after = finished.store, Store(home / "tiny" / "store", "tiny")
    moved = {ref for ref in after.refs() if after.head(ref) != before.head(ref)}
    assert moved - {Ref.parse("reports/status")} == {DATASET}


def test_the_status_knows_it(home: Path, project: Path) -> None:
    ended = sg_assets(home, "status", str(DATASET), "--format", "json", SG_PROJECT=str(project))
    [partition] = json.loads(ended.stdout)["partitions"]
    assert (partition["partition"], partition["state"]) == (str(DATASET), "current")


def test_without_its_file_its_history_stays_and_nothing_errs(home: Path) -> None:
    ended = sg_assets(home, "status", "--format", "json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["undeclared"] == [str(DATASET)]
