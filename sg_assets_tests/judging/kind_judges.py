"""Judges of other kinds than ours, published in small, and a job that is only remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from sg_assets.declarations.records.judge_model import JudgeModel
from sg_assets.embedding.embedder import fit
from sg_assets.judging.embedding_head import LinearHead
from sg_assets.judging.judge_spec import CLASSIFIER, EMBEDDER, HEAD, ClassifierSpec, HeadSpec
from sg_assets.judging.kind_scores import KindScores
from sg_assets.judging.scoring_spec import TEXTS, ScoringSpec, score_and_cut
from sg_assets.store.manifests import Manifest
from sg_assets.store.model_output_cache import cached_outputs
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import recipe, step


def classifier(store: Store, name: str = "toxicity", **spec: object) -> Manifest:
    """A published classifier without weights: jobs on it are only remembered."""

    def write(workspace: Workspace) -> None:
        (workspace.result_folder / CLASSIFIER).mkdir(parents=True)
        (workspace.result_folder / CLASSIFIER / "config.json").write_text("{}")
        ClassifierSpec.model_validate({"score_of": ("toxic",), **spec}).write(workspace.result_folder)

    return step(store, f"judges/{name}", write, made_by=recipe(key=(), name=name, spec=spec)).manifest


def head_over_lsa(store: Store, name: str = "toxicity") -> Manifest:
    """A published judge with a head over our own embedder, which needs no job."""

    def write(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        HeadSpec().write(workspace.result_folder)
        fit([f"word{n} and text{n}" for n in range(30)], workspace.result_folder / EMBEDDER, seed=0, dimensions=4)
        LinearHead(np.arange(4.0), 0.0, 1.0, 0.0).write(workspace.result_folder / HEAD)

    return step(store, f"judges/{name}", write, made_by=recipe(key=(), name=name)).manifest


@dataclass
class FakeJobs:
    """Jobs that score a text by its length; they keep what they were shown."""

    score: Callable[[str], float] = lambda text: min(len(text), 100) / 100
    shown: list[list[str]] = field(default_factory=list)

    def start(self, spec: ScoringSpec) -> None:
        texts = pl.read_parquet(spec.texts)[TEXTS]
        self.shown.append(sorted(texts))

        def ask(asked: list[str]) -> list[list[float]]:
            return [[self.score(text), float(len(text) > 20)] for text in asked]

        cached_outputs(spec.memory, texts, ask, score_and_cut())


def scores_of(
    workspace: Workspace, folder: Path, jobs: FakeJobs, models: dict[str, JudgeModel] | None = None
) -> KindScores:
    return KindScores(workspace, models or {}, {}, folder / "judged", jobs.start)
