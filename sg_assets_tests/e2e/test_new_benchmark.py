"""A benchmark is one YAML file and one SQL file: the example of the documentation, as it stands there."""

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


def example() -> tuple[str, str]:
    """The two files."""
    text = (PROJECT / "docs/declarations.md").read_text(encoding="utf-8").split("## A benchmark")[1]
    yaml, sql = re.findall(r"```(?:yaml|sql)\n(.*?)```", text, re.DOTALL)[:2]
    return yaml, sql


def test_the_documented_benchmark_is_scored_and_reported(finished: Finished, tmp_path: Path) -> None:
    yaml, sql = example()
    project, home = tmp_path / "project", tmp_path / "home"
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, project / folder)
    (project / "models/benchmarks/long_answers.yaml").write_text(yaml, encoding="utf-8")
    (project / "sql/scores/long_answers.sql").write_text(sql, encoding="utf-8")
    shutil.copytree(finished.home, home)
    ended = sg_assets(home, "run", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    store = Store(home / "tiny" / "store", "tiny")
    scores = pl.read_parquet(store.path(store.required_head(Ref.parse("scores/long_answers[sft_kto]"))))
    assert set(scores["slice"]) == {"safe", "unsafe"}
    audit = store.required_head(Ref.parse("responses/long_answers[sft_kto]")).audit
    assert {"items_are_the_benchmark_s", "every_item_was_asked"} <= {result.name for result in audit if result.passed}
    report = store.path(store.required_head(Ref.parse("reports/results")))
    assert "Broken answers to long prompts" in (report / "index.html").read_text(encoding="utf-8")
    before = {ref: head for ref in finished_refs(finished) if (head := finished.store.head(ref))}
    moved = {str(ref) for ref, head in before.items() if store.required_head(ref).fingerprint != head.fingerprint}
    cards = {f"reports/model_card[{variant}]" for variant in ("sft_r128", "sft_kto", "sft_dpo")}
    assert moved == {"reports/results", *cards}


def finished_refs(finished: Finished) -> list[Ref]:
    manifests = finished.home / "tiny" / "store" / "manifests"
    return [
        Ref.of(f"{path.parts[-3]}/{path.parts[-2]}", None if path.name == "-" else path.name)
        for path in sorted(manifests.glob("*/*/*"))
    ]
