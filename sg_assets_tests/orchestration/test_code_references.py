"""The files behind an asset, as links in the Dagster UI."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import load_project


@pytest.fixture
def definitions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dg.Definitions:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return build_definitions(load_project())


def test_every_asset_leads_to_the_files_behind_it(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        if spec.tags.get("work") is None:
            continue  # the status and the sources outside have no work
        links = spec.metadata["dagster/code_references"].code_references
        assert all(Path(link.file_path).is_file() for link in links)
        assert links[-1].label.startswith("the work: ")


def test_a_table_leads_to_its_query_and_an_adapter_to_its_variants(definitions: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}

    def labels(name: str) -> list[str]:
        return [link.label for link in specs[name].metadata["dagster/code_references"].code_references]

    assert labels("templated/splits")[0] == "sql/templated/splits.sql"
    assert {"models/variants/kto.yaml", "models/variants/sft_kto.yaml"} <= set(labels("adapters/kto"))
    assert labels("scores/toxigen_items")[:2] == ["sql/scores/toxigen.sql", "models/benchmarks/toxigen.yaml"]
