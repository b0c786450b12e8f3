"""What a benchmark's declaration adds to the graph, and what a manifest puts back into it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, SCORE_ITEMS, SCORES, benchmark_file
from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.project_declarations import read_project
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref
from sg_assets_tests.paths import PROJECT

BENCHMARK = """
description: Long prompts.
items: |
  SELECT prompt_id AS item_id, text_id AS cluster_id, label, prompt FROM templated.prompts
judges: {is_toxic: toxicity}
"""


SCORE = """-- description: How often long prompts are answered toxically.
-- partitions: variant
-- key: metric, slice, item_id
SELECT 'toxicity_rate' AS metric, label AS slice, item_id, cluster_id, is_toxic::DOUBLE AS value
FROM judgements.long
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a benchmark more than is shipped."""
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "models/benchmarks/long.yaml").write_text(BENCHMARK)
    return tmp_path


@pytest.mark.parametrize("scored", [False, True])
def test_a_benchmark_adds_the_assets_of_its_kinds_and_no_others(root: Path, *, scored: bool) -> None:
    if scored:
        (root / "sql/scores/long.sql").write_text(SCORE)
    before = read_project(PROJECT, "tiny", generated_comments=True)
    after = read_project(root, "tiny", generated_comments=True)
    kinds = [RESPONSES, JUDGEMENTS, *([SCORES, SCORE_ITEMS] if scored else [])]
    added = {kind.of("long") for kind in kinds}
    assert set(after.graph.nodes) - set(before.graph.nodes) == added
    assert set(after.tables) - set(before.tables) == added
    assert set(before.graph.nodes) <= set(after.graph.nodes)


def judged(judges: dict[str, str], threshold: float) -> RecordedStep:
    parameters = {"judges": judges, "thresholds": dict.fromkeys(judges, threshold)}
    return RecordedStep(Ref.parse("judgements/toxigen[base]"), parameters, {})


def test_judgements_are_restored_with_the_recorded_judges_and_thresholds(declared: Declarations) -> None:
    restored = JUDGEMENTS.restored(declared, judged({"is_harmful": "toxicity"}, 0.25))
    assert restored.benchmarks["toxigen"].judges == {"is_harmful": ("toxicity",)}
    assert restored.judges["toxicity"].cut == 0.25


def test_a_recorded_judge_that_is_gone_is_refused(declared: Declarations) -> None:
    without = replace(declared, judges={})
    with pytest.raises(SgAssetsError, match="the judge 'toxicity' is not declared any more"):
        JUDGEMENTS.restored(without, judged({"is_harmful": "toxicity"}, 0.25))


def test_responses_are_restored_with_the_recorded_items_and_sampling(declared: Declarations) -> None:
    queries = {benchmark_file("toxigen"): "SELECT 1"}
    recorded = RecordedStep(Ref.parse("responses/toxigen[base]"), {"max_new_tokens": 7}, queries)
    restored = RESPONSES.restored(declared, recorded)
    assert restored.benchmarks["toxigen"].items == "SELECT 1"
    assert restored.profile.generation.max_new_tokens == 7


def test_judgements_are_declared_by_the_benchmark_and_its_judges(declared: Declarations) -> None:
    judges = declared.benchmarks["toxigen"].all_judges
    files = list(JUDGEMENTS.declared_in(declared, "judgements/toxigen"))
    assert files == [benchmark_file("toxigen"), *(f"models/judges/{judge}.yaml" for judge in judges)]


def test_items_of_scores_are_declared_where_the_scores_are(declared: Declarations) -> None:
    scores = list(SCORES.declared_in(declared, "scores/toxigen"))
    assert list(SCORE_ITEMS.declared_in(declared, "scores/toxigen_items")) == scores
    assert scores == ["sql/scores/toxigen.sql", benchmark_file("toxigen")]
