"""Work reads pinned inputs, and stages tables and folders."""

import traceback
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.machines import machine
from sg_assets_tests.store.steps import ROWS, recipe, step, writing


def test_a_version_names_each_machine_its_numbers_were_computed_on_once(store: Store) -> None:
    def work(workspace: Workspace) -> None:
        workspace.write_table(ROWS)
        workspace.ran_on([machine("AVX2"), machine("AVX512"), machine("AVX2")])

    assert step(store, "raw/t", work).manifest.machines == (machine("AVX2"), machine("AVX512"))


def test_folders_are_versions_too(store: Store) -> None:
    def work(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        (workspace.result_folder / "model.txt").write_text("weights")

    manifest = step(store, "models/m[base]", work, made_by=recipe(key=())).manifest
    assert manifest.kind == "folder"
    assert (store.path(manifest) / "model.txt").read_text() == "weights"


def test_sql_reads_pinned_inputs_by_name(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))

    def work(workspace: Workspace) -> None:
        workspace.write_query("SELECT id * $by AS id FROM raw.t", {"by": 2})

    manifest = step(store, "raw/u", work, ["raw/t"]).manifest
    assert sorted(pl.read_parquet(store.path(manifest))["id"]) == [2, 4, 6]


def test_sql_that_fails_names_its_file(store: Store) -> None:
    with pytest.raises(SgAssetsError, match=r"sql/raw/u\.sql: the SQL failed.*nope"):
        step(store, "raw/u", lambda workspace: workspace.write_query("SELECT nope", {}))


@pytest.mark.parametrize("ask", ["query", "write_query"])
def test_sql_that_fails_at_a_value_names_the_column_and_quotes_nothing(store: Store, ask: str) -> None:
    step(store, "raw/t", writing(pl.DataFrame({"id": [1], "text": ["hush"]})))

    def work(workspace: Workspace) -> None:
        getattr(workspace, ask)("SELECT text::INTEGER AS id FROM raw.t", {})

    with pytest.raises(SgAssetsError, match="ConversionException in the column 'text'") as caught:
        step(store, "raw/u", work, ["raw/t"])
    assert "hush" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("ask", ["query", "write_query"])
def test_sql_that_evades_the_check_of_names_still_reads_no_file(store: Store, tmp_path: Path, ask: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hush")
    step(store, "raw/t", writing(ROWS))

    def work(workspace: Workspace) -> None:
        getattr(workspace, ask)(f"SELECT content AS id FROM read_text('{secret}')", {})

    with pytest.raises(SgAssetsError, match="the SQL failed"):
        step(store, "raw/u", work, ["raw/t"])


def test_sql_reads_no_version_that_is_not_pinned(store: Store) -> None:
    other = store.path(step(store, "raw/other", writing(ROWS)).manifest)
    step(store, "raw/t", writing(ROWS))
    with pytest.raises(SgAssetsError, match="the SQL failed"):
        step(store, "raw/u", lambda workspace: workspace.write_query(f"FROM '{other}'", {}), ["raw/t"])


def test_an_audit_reads_no_file_besides_the_table_and_its_inputs(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hush")
    condition = f"count(*) = (SELECT count(*) + 2 FROM read_text('{secret}'))"
    made_by = recipe(contract=Contract(("id",), checks=(Check("peeks", "It reads a file.", condition),)))
    with pytest.raises(QuarantinedError, match="peeks"):
        step(store, "raw/t", writing(ROWS), made_by=made_by)


def test_a_check_reads_the_table_and_its_inputs(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    condition = "count(*) = (SELECT count(*) FROM raw.t)"
    made_by = recipe(contract=Contract(("id",), checks=(Check("as_many", "As many rows.", condition),)))
    [_, check] = step(store, "raw/u", writing(ROWS), ["raw/t"], made_by=made_by).manifest.audit
    assert check.passed
