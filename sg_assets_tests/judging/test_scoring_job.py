"""The scoring job, in this process and in its own."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.embedding.embedder import Embedder, fit
from sg_assets.embedding.embedder_spec import FILES
from sg_assets.errors import SgAssetsError
from sg_assets.judging.judge_spec import CLASSIFIER, ClassifierSpec
from sg_assets.judging.scoring_job import ask_all, main
from sg_assets.judging.scoring_spec import TEXTS, Files, ScoringSpec, read_spec, score_and_cut
from sg_assets.processes.job_process import REFUSED, machines_file, reason_file
from sg_assets.store.model_output_cache import VECTOR, cached_outputs
from sg_assets_tests.judging.tiny_encoders import write_bert_classifier

ASKED = pl.Series(TEXTS, ["you are friendly", "no", "soup " * 100])


def spec_of(folder: Path, *, is_embedder: bool = False, classifier: Path | None = None) -> ScoringSpec:
    ASKED.to_frame().write_parquet(folder / "texts.parquet")
    known = {} if classifier is None else {CLASSIFIER: Files(path=classifier)}
    return ScoringSpec(
        folder=folder / "model", is_embedder=is_embedder, files=known,
        texts=folder / "texts.parquet", memory=folder / "memory", batch_size=2, device="cpu", threads=1, parity=0.1,
    )  # fmt: skip


def nothing(_: list[str]) -> list[object]:
    raise AssertionError("everything was kept")


def test_vectors_of_our_own_embedder_are_kept(tmp_path: Path) -> None:
    fit([f"word{n} and text{n}" for n in range(30)], tmp_path / "model", seed=0, dimensions=4)
    ask_all(spec_of(tmp_path, is_embedder=True), lambda _: None)
    kept = cached_outputs(tmp_path / "memory", ASKED, nothing, VECTOR)
    assert kept.to_list() == Embedder.load(tmp_path / "model").embed(ASKED.to_list()).tolist()


def test_a_spec_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no such scoring spec"):
        read_spec(tmp_path / "spec.json")
    (tmp_path / "spec.json").write_text("{}")
    with pytest.raises(SgAssetsError, match="not valid"):
        read_spec(tmp_path / "spec.json")


@pytest.mark.slow
def test_a_job_scores_by_a_classifier_and_leaves_its_machine(tmp_path: Path) -> None:
    write_bert_classifier(tmp_path / "files")
    (tmp_path / "model").mkdir()
    ClassifierSpec(score_of=("LABEL_1",), max_length=32).write(tmp_path / "model")
    path = tmp_path / "spec.json"
    path.write_text(spec_of(tmp_path, classifier=tmp_path / "files").model_dump_json())
    assert main([str(path)]) == 0
    said = cached_outputs(tmp_path / "memory", ASKED, nothing, score_and_cut())
    assert said.list.get(1).to_list() == [0.0, 0.0, 1.0]
    assert said.list.get(0).is_between(0, 1).all()
    assert machines_file(path).is_file()


@pytest.mark.slow
def test_a_job_that_is_refused_leaves_its_reason(tmp_path: Path) -> None:
    write_bert_classifier(tmp_path / "files")
    (tmp_path / "model").mkdir()
    ClassifierSpec(score_of=("toxic",), max_length=32).write(tmp_path / "model")
    path = tmp_path / "spec.json"
    path.write_text(spec_of(tmp_path, classifier=tmp_path / "files").model_dump_json())
    assert main([str(path)]) == REFUSED
    assert "unknown label 'toxic'" in reason_file(path).read_text()
    assert FILES == CLASSIFIER
