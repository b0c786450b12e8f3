"""An imported copy of our own adapter is evaluated as our own, and scores as it does."""

import shutil
from pathlib import Path

import duckdb
import pytest

from sg_assets.store.fingerprints import scan_table
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import Finished, sg_assets

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
OURS = "sft_r128"
VARIANT = """
description: A copy of our own adapter, as if it came from elsewhere
method: imported
parent: base
adapter: {path: copied}
"""
SCORES = ("scores/sg_safety", "scores/sg_safety_items", "scores/toxigen", "scores/template_stress", "scores/divergence")


def content_without_variant(store: Store, asset: str, variant: str) -> str:
    """The fingerprint of a table's rows without the name of the variant."""
    path = store.path(store.required_head(Ref.of(asset, variant)))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT * EXCLUDE (variant) FROM read_parquet('{path}')")
        return scan_table(connection, "rows").fingerprint


def test_scores_of_a_copy_equal_our_own(finished: Finished, home: Path, project: Path, tmp_path: Path) -> None:
    store = finished.store
    shutil.copytree(store.path(store.required_head(Ref.of("adapters/sft", OURS))), tmp_path / "weights" / "copied")
    (project / "models/variants/theirs.yaml").write_text(VARIANT)
    profile = project / "models/profiles/tiny.yaml"
    profile.write_text(profile.read_text().replace("variants: [base,", "variants: [base, theirs,"))
    shutil.rmtree(home / "tiny" / "answers")  # so that the copy answers by itself
    variables = {"SG_PROJECT": str(project), "SG_MODELS_DIR": str(tmp_path / "weights")}
    ended = sg_assets(home, "backfill", "theirs", **variables)
    assert ended.returncode == 0, ended.stderr + ended.stdout

    made = Store(home / "tiny" / "store", "tiny")
    copied, own = (
        made.required_head(Ref.parse(name)) for name in ("adapters/imported[theirs]", f"adapters/sft[{OURS}]")
    )
    assert copied.fingerprint == own.fingerprint
    for asset in SCORES:
        assert content_without_variant(made, asset, "theirs") == content_without_variant(made, asset, OURS), asset
    card = made.path(made.required_head(Ref.of("reports/model_card", "theirs"))) / "README.md"
    assert "## Origin" in card.read_text()
    explained = sg_assets(
        home, "why", "scores/sg_safety[theirs]", "--against", f"scores/sg_safety[{OURS}]", **variables
    )
    assert explained.returncode == 0, explained.stderr + explained.stdout
