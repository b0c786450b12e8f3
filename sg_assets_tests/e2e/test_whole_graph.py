"""The whole graph of the tiny profile, from generated comments to the results table."""

import json
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from sg_assets.declarations import load_declarations
from sg_assets.demo.responder import BEHAVIOUR
from sg_assets.store.refs import Ref
from sg_assets_tests.declarations.graphs import build_graph
from sg_assets_tests.e2e.conftest import Finished, run_graph, sg_assets
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
GRAPH = build_graph(load_declarations(PROJECT, "tiny"), generated_comments=True)


def test_every_partition_has_a_version(finished: Finished) -> None:
    assert set(finished.store.refs()) == set(GRAPH.refs)


def test_every_version_pins_exactly_what_the_graph_says_it_reads(finished: Finished) -> None:
    store = finished.store
    for ref in GRAPH.refs:
        pinned = [pin.ref for pin in store.required_head(ref).inputs]
        assert pinned == list(GRAPH.inputs(ref.asset, ref.partition))


def test_every_method_was_trained_from_the_right_parent(finished: Finished) -> None:
    store = finished.store
    sft = store.required_head(Ref.parse("adapters/sft[sft_r128]"))
    for name in ("adapters/kto[sft_kto]", "adapters/dpo[sft_dpo]"):
        details = store.required_head(Ref.parse(name)).details
        assert details["parent_id"] == f"adapters/sft[sft_r128]@{sft.fingerprint}"
        assert details["step0_gap"] == pytest.approx(0, abs=1e-5)
        assert details["weights_moved"] > 0


def test_the_generator_s_answers_are_keyed_by_its_rule(finished: Finished) -> None:
    head = finished.store.required_head(Ref.parse("models/generator"))
    generator = json.loads((finished.store.path(head) / "generator.json").read_text())
    assert generator == {"engine": "rule", "behaviour": BEHAVIOUR}
    segments = (finished.home / "tiny" / "answers").glob("*/*.jsonl")
    identities = [json.loads(path.open().readline())["identity"] for path in segments]
    assert {"engine": "rule", "model": head.fingerprint} in identities


def test_adapters_are_safetensors_and_name_no_machine_path(finished: Finished) -> None:
    folder = finished.store.path(finished.store.required_head(Ref.parse("adapters/sft[sft_r128]")))
    assert sorted(path.name for path in folder.iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    assert str(finished.home) not in (folder / "adapter_config.json").read_text()


def test_no_text_is_on_two_sides_of_the_split(finished: Finished) -> None:
    registry = duckdb.connect(str(finished.home / "tiny" / "store" / "registry.duckdb"), read_only=True)
    shared = registry.execute(
        """
        SELECT prompts.text_id FROM templated.prompts JOIN templated.splits USING (prompt_id)
        WHERE split != 'unused' GROUP BY ALL HAVING count(DISTINCT split) > 1
        """
    ).fetchall()
    assert shared == []


def test_scores_carry_counts_and_intervals(finished: Finished) -> None:
    head = finished.store.required_head(Ref.parse("scores/sg_safety[base]"))
    scores = pl.read_parquet(finished.store.path(head)).filter(~pl.col("slice").str.contains(":"))
    both = [(name, label) for name in ("rejection", "clean_refusal", "broken") for label in ("safe", "unsafe")]
    assert set(scores.select("metric", "slice").rows()) == {
        ("toxicity_rate", "unsafe"),
        *((f"{name}_rate", label) for name, label in both),
    }
    assert (scores["n"] == 40).all()
    assert ((scores["low"] <= scores["value"]) & (scores["value"] <= scores["high"])).all()


def test_numeric_work_names_its_machine_and_other_work_none(finished: Finished) -> None:
    for ref in GRAPH.refs:
        version = finished.store.head(ref)
        if version is None:
            continue
        measured = {machine.about["measured by"] for machine in version.machines}
        assert measured == MEASURED_BY.get(ref.schema, MEASURED_BY.get(ref.asset, set())), str(ref)


def test_the_table_names_every_variant_and_the_page(finished: Finished) -> None:
    for variant in ("base", "sft_r128", "sft_kto", "sft_dpo", "index.html"):
        assert variant in finished.output


def test_the_terminal_shows_no_noise(finished: Finished) -> None:
    for line in finished.errors.splitlines():
        assert "Warning" not in line
        assert "leaked" not in line


def test_a_clean_run_raises_no_alert(finished: Finished) -> None:
    assert "alert" not in finished.output
    assert not (finished.home / "tiny/alerts.jsonl").exists()
    assert sg_assets(finished.home, "alerts").stdout.startswith("No open incidents.")


def test_dagster_holds_the_fingerprint_as_data_version_and_the_loss_picture(finished: Finished, tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(finished.home / "tiny" / "dagster")) as instance:
        key = dg.AssetKey(["adapters", "kto"])
        record = instance.fetch_materializations(dg.AssetRecordsFilter(key, asset_partitions=["sft_kto"]), limit=1)
    materialization = record.records[0].asset_materialization
    assert materialization is not None
    head = finished.store.required_head(Ref.parse("adapters/kto[sft_kto]"))
    assert (materialization.tags or {})["dagster/data_version"] == head.fingerprint
    assert "data:image/png;base64," in str(materialization.metadata["curve"].value)
    assert materialization.metadata["version"].value == head.version


def test_a_second_run_makes_no_new_version(finished: Finished, tmp_path: Path) -> None:
    home = tmp_path / "again"
    shutil.copytree(finished.home, home)
    before = sorted(path.name for path in (home / "tiny" / "store" / "manifests").rglob("*.json"))
    run_graph(home)
    assert sorted(path.name for path in (home / "tiny" / "store" / "manifests").rglob("*.json")) == before


def test_a_fresh_run_in_one_lane_gives_the_same_fingerprints(finished: Finished, tmp_path: Path) -> None:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    profile = tmp_path / "project/models/profiles/tiny.yaml"
    assert "lanes: 2\n" in profile.read_text()
    profile.write_text(profile.read_text().replace("lanes: 2\n", "lanes: 1\n"))
    again = run_graph(tmp_path / "home", SG_PROJECT=str(tmp_path / "project")).store
    # The page and the cards name the versions they show, and a version's id is new each time.
    made = [ref for ref in GRAPH.refs if ref.schema != "reports"]
    heads = {str(ref): finished.store.required_head(ref).fingerprint for ref in made}
    assert {name: again.required_head(Ref.parse(name)).fingerprint for name in heads} == heads


MEASURED_BY = {
    "adapters": {"torch"}, "responses": {"torch"}, "models/chat": {"torch"}, "scores/leaderboard": {"torch"},
    "scores/leaderboard_items": {"torch"}, "judges": {"numpy"}, "judgements": {"numpy"}, "models/embedder": {"numpy"},
    "raw/sg_toxicity_prompts": {"numpy"}, "scores/divergence": {"numpy"}, "scores/divergence_items": {"numpy"},
    "synthesized/base_responses": {"torch", "numpy"},
}  # fmt: skip
"""Which library the machine was measured by, per schema or asset; no number depends on the others."""

CHATTER = (
    "今天天气真好 {n} 😀",
    "Selamat pagi semua {n}, apa khabar",
    "வணக்கம் நண்பர்களே {n}",
    'Queue so long "lah", {n}\nsecond line 🙏🏽',
    "Bonjour à tous nº {n}; ça va?",
)
"""Comments in many tongues, with what breaks careless readers of CSV: quotes, line breaks, semicolons, emoji."""


def write_foreign_dump(folder: Path, comments: pl.Series, rows: int) -> None:
    """A forum's export with column names of its own and a byte order mark; every chatter stands in it twice."""
    distinct = (rows - len(comments)) // 2
    chatter = [CHATTER[n % len(CHATTER)].format(n=n) for n in range(distinct)] * 2
    bodies = [*comments.to_list(), *chatter]
    columns = {"Post No.": list(range(len(bodies))), "Body": bodies, "Forum": "Eat-Drink"}
    folder.mkdir()
    pl.DataFrame(columns).write_csv(folder / "forum.csv", include_bom=True)


def test_fifty_thousand_comments_of_a_foreign_layout_go_through_to_a_table(finished: Finished, tmp_path: Path) -> None:
    comments = pl.read_parquet(finished.store.path(finished.store.required_head(Ref.parse("demo/corpus"))))
    folder = tmp_path / "dump"
    write_foreign_dump(folder, comments["text"].unique(maintain_order=True), 50_000)
    home = tmp_path / "home"
    own = run_graph(home, SG_RAW=str(folder)).store
    head = own.required_head(Ref.parse("raw/forum_comments"))
    assert [pin.asset for pin in head.inputs] == []
    rejected = own.required_head(Ref.parse("raw/rejected_comments"))
    assert (head.rows or 0) + (rejected.rows or 0) >= 49_999
    assert (rejected.rows or 0) > 24_000
    assert own.head(Ref.parse("scores/sg_safety[sft_kto]")) is not None
    page = own.path(own.required_head(Ref.parse("reports/results"))) / "index.html"
    assert "your own" in page.read_text()


def test_too_few_confident_comments_end_in_one_clear_error(finished: Finished, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    pl.DataFrame({"text": [f"hello number {n}" for n in range(30)]}).write_parquet(folder / "few.parquet")
    home = tmp_path / "home"
    shutil.copytree(finished.home, home)
    ended = sg_assets(home, "run", SG_RAW=str(folder))
    assert ended.returncode == 1
    assert "too few confident labels" in ended.stderr
    assert "Traceback" not in ended.stderr
