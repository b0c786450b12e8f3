"""Versions made again from their manifests: equal, or where they are not."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.code.closure import Analysis
from sg_assets.code.exclusion_table import EXCLUSIONS
from sg_assets.code.package import installed_package, package_of
from sg_assets.code.stored_listing import as_stored, read_listing
from sg_assets.declarations.cache import FILE
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step_code import record_of
from sg_assets.store.store import Store
from sg_assets.store.stored_sources import stored_text
from sg_assets_tests.e2e.conftest import Finished, sg_assets
from sg_assets_tests.e2e.record_edits import edit_record

pytestmark = pytest.mark.e2e
KINDS = (
    "templated/templates", "demo/corpus", "raw/forum_comments", "templated/prompts", "judges/toxicity",
    "synthesized/safe_responses", "training/sft_examples[balanced]", "adapters/sft[sft_r128]",
    "responses/sg_safety[sft_r128]", "judgements/sg_safety[sft_r128]", "scores/sg_safety[sft_r128]",
    "scores/divergence[sft_r128]",
)  # fmt: skip
SCORE = Ref.parse("scores/sg_safety[sft_r128]")
RATES = "sg_assets/statistics/rates.py"


def entries(folder: Path) -> dict[str, int]:
    """Every file by its time of change, without what readers of declarations and contents remember of them."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
    names = {path.relative_to(folder): path.stat().st_mtime_ns for path in files}
    return {str(name): time for name, time in names.items() if "checks" not in name.parts}


def head(home: Path, ref: Ref) -> Manifest:
    return Store(home / "tiny" / "store", "tiny").required_head(ref)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_equal_and_nothing_else_is_touched(finished: Finished, name: str) -> None:
    version = finished.store.required_head(Ref.parse(name))
    before = entries(finished.home)
    ended = sg_assets(finished.home, "reproduce", version.version)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{name}: equal" in ended.stdout
    assert "Code: as installed" in ended.stdout
    assert entries(finished.home) == before


def test_on_another_kind_of_machine_it_is_said_before_and_after(finished: Finished) -> None:
    version = finished.store.required_head(Ref.parse("adapters/sft[sft_r128]"))
    [machine] = version.machines
    if machine.kind.instruction_set != "AVX512":
        pytest.skip(f"this processor has no AVX512 but {machine.kind.instruction_set}")
    limits = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
    ended = sg_assets(finished.home, "reproduce", version.version, **limits)
    assert "Machine: kind differs from the recorded one: instruction set AVX512 -> AVX2" in ended.stdout, ended.stderr
    if ended.returncode == 0:
        pytest.skip("AVX512 and AVX2 give equal bytes here")
    assert "adapters/sft[sft_r128]: differs" in ended.stdout
    assert (
        "The machine is of a different kind than the recorded one, which may be the reason: instruction set AVX512"
        in ended.stdout
    )
    assert "has another fingerprint" not in ended.stdout


def test_a_changed_content_is_named_at_its_row(home: Path) -> None:
    version = head(home, SCORE)
    path = home / "tiny" / "store" / version.object
    rows = pl.read_parquet(path).sort("metric", "slice")
    value = pl.when(pl.int_range(rows.height) == 2).then(pl.col("value") + 0.25).otherwise(pl.col("value"))
    metric, slice_ = rows.select("metric", "slice").row(2)
    rows.with_columns(value.alias("value")).write_parquet(path)
    ended = sg_assets(home, "reproduce", version.version)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert f"the stored content differs: first at row metric={metric}, slice={slice_}: column value" in ended.stdout


def test_another_recorded_content_differs(home: Path) -> None:
    version = head(home, SCORE)
    path = home / "tiny/store/manifests" / SCORE.folder / f"{version.version}.json"
    edit_record(
        path, lambda text: text.replace(f'"fingerprint": "{version.fingerprint}"', f'"fingerprint": "{"0" * 32}"')
    )
    ended = sg_assets(home, "reproduce", version.version)
    assert ended.returncode == 1
    assert f"recorded {'0' * 32}, built {version.fingerprint}" in ended.stdout


def test_a_damaged_input_is_named_before_anything_runs(home: Path) -> None:
    version = head(home, SCORE)
    [judgements] = [pin for pin in version.inputs if pin.asset.startswith("judgements/")]
    content = head(home, judgements.ref)
    rows = pl.read_parquet(home / "tiny/store" / content.object)
    rows.head(3).write_parquet(home / "tiny/store" / content.object)
    ended = sg_assets(home, "reproduce", version.version)
    assert ended.returncode == 1
    assert f"the content of the input {judgements.ref} {judgements.version} has changed" in ended.stderr


def made_by_other_code(home: Path, version: Manifest) -> None:
    """Record a version as made by a package whose estimates have another level by default."""
    store = Store(home / "tiny" / "store", "tiny")
    files = installed_package().all_files()
    edited = files[RATES].replace("level: float = 0.95", "level: float = 0.5")
    package = package_of({**files, RATES: edited})
    listing = read_listing(str(stored_text(store, version.code.listing)), "here")
    code = record_of(Analysis(package, EXCLUSIONS).closure(listing.entries), as_stored(package))
    store.keep_code(code.texts)
    path = store.home / "manifests" / version.ref.folder / f"{version.version}.json"
    values = code.record.model_dump(mode="json", include={"fingerprint", "definitions", "listing"})

    def with_code(text: str) -> str:
        manifest = json.loads(text)
        return json.dumps({**manifest, "code": manifest["code"] | values})

    edit_record(path, with_code)


def test_other_code_is_named_and_the_stored_package_runs_where_a_person_trusts_it(home: Path) -> None:
    """The recorded package gives other values than the installed code, and they are what comes out."""
    version = head(home, SCORE)
    made_by_other_code(home, version)
    refused = sg_assets(home, "reproduce", version.version)
    assert refused.returncode == 1
    assert "Code: changed since: sg_assets.statistics.rates.estimate" in refused.stdout
    assert "neither the installed code nor of a commit of this checkout" in refused.stderr
    ended = sg_assets(home, "reproduce", version.version, "--trust-stored-code")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "the stored package it belongs to runs" in ended.stdout
    assert "columns low, high, level; rows: " in ended.stdout


def test_what_a_paid_engine_answered_asks_first(home: Path) -> None:
    version = head(home, Ref.parse("synthesized/safe_responses"))
    path = home / "tiny/store/manifests" / version.ref.folder / f"{version.version}.json"
    edit_record(path, lambda text: text.replace('"engine": "rule"', '"engine": "openai"'))
    ended = sg_assets(home, "reproduce", version.version)
    assert ended.returncode == 1
    calls = version.details["prompts_distinct"]
    assert f"{calls} requests would go to 'openai'" in ended.stderr
    assert "--yes" in ended.stderr


def test_from_the_cache_is_said(finished: Finished) -> None:
    version = finished.store.required_head(Ref.parse("responses/sg_safety[sft_r128]"))
    ended = sg_assets(finished.home, "reproduce", version.version, "--from-cache")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "answered from the cache where the answer is stored" in ended.stdout


def test_a_report_is_not_made_again(finished: Finished) -> None:
    version = finished.store.required_head(Ref.parse("reports/results"))
    ended = sg_assets(finished.home, "reproduce", version.version)
    assert ended.returncode == 1
    assert "reports on other versions as they were" in ended.stderr
