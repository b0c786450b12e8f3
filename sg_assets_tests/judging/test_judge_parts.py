"""The folders of judges and embedders that were made elsewhere."""

import json
from pathlib import Path

import pytest

from sg_assets.declarations.records.embedder import SentenceTransformers
from sg_assets.declarations.records.judge_model import EmbeddingHead, SequenceClassification
from sg_assets.embedding.embedder_spec import FILES, read_embedder_spec
from sg_assets.errors import SgAssetsError
from sg_assets.judging.judge_parts import write_classifier, write_head, write_own_embedder
from sg_assets.judging.judge_spec import CLASSIFIER, EMBEDDER, HEAD, HeadSpec, read_judge_spec
from sg_assets.judging.kind_scores import judge_files
from sg_assets_tests.store.steps import new_store, workspace

CUTS = {"thresholds": {"balanced": 0.5}, "threshold": "balanced"}


def model_files(folder: Path, *names: str) -> Path:
    for name in (*names, "config.json", "model.safetensors", "tokenizer.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps({"id2label": {"0": "safe", "1": "toxic"}, "of": name}))
    return folder


def classifier(label: str) -> SequenceClassification:
    declared = {"kind": "sequence_classification", "model": {"path": "judge"}, "score_of": (label,), **CUTS}
    return SequenceClassification.model_validate(declared)


def test_a_classifier_is_its_description_and_the_list_of_its_files(tmp_path: Path) -> None:
    model_files(tmp_path / "models" / "judge")
    with workspace(new_store(tmp_path), "judges/toxicity") as work:
        write_classifier(work, classifier("toxic"), tmp_path / "models")
        files = sorted(path.relative_to(work.result_folder).as_posix() for path in work.result_folder.rglob("*.json"))
        assert files == ["judge.json", "model/hub.json"]
        spec = read_judge_spec(work.result_folder)
        opened = judge_files(work.result_folder, spec)[CLASSIFIER]
        assert (opened.path / "model.safetensors").is_file()
        assert work.details["files"]["model"]["files"] == 3


def test_thresholds_are_no_part_of_what_scores(tmp_path: Path) -> None:
    model_files(tmp_path / "models" / "judge")
    written = []
    for cut in (0.5, 0.9):
        declared = classifier("toxic").model_copy(update={"thresholds": {"balanced": cut}})
        with workspace(new_store(tmp_path), "judges/toxicity") as work:
            write_classifier(work, declared, tmp_path / "models")
            written.append((work.result_folder / "judge.json").read_bytes())
    assert written[0] == written[1]


def test_a_label_that_the_model_has_not_is_refused_when_it_is_pinned(tmp_path: Path) -> None:
    model_files(tmp_path / "models" / "judge")
    with (
        workspace(new_store(tmp_path), "judges/toxicity") as work,
        pytest.raises(SgAssetsError, match=r"unknown label 'rude'. The model's labels are safe, toxic"),
    ):
        write_classifier(work, classifier("rude"), tmp_path / "models")


def test_a_head_takes_one_file_of_its_repository(tmp_path: Path) -> None:
    import onnx
    from onnx.helper import make_graph, make_model

    model_files(tmp_path / "models" / "bge", "1_Pooling/config.json", "modules.json")
    heads = tmp_path / "models" / "lionguard" / "models"
    heads.mkdir(parents=True)
    for name in ("binary", "sexual"):
        onnx.save(make_model(make_graph([], name, [], [])), str(heads / f"{name}.onnx"))
    declared = EmbeddingHead.model_validate({
        "kind": "embedding_head", **CUTS,
        "embedder": {"kind": "sentence_transformers", "model": {"path": "bge"}, "pooling": "cls"},
        "head": {"model": {"path": "lionguard"}, "file": "models/binary.onnx", "output": "probability"},
    })  # fmt: skip
    with workspace(new_store(tmp_path), "judges/toxicity") as work:
        write_head(work, declared, tmp_path / "models")
        spec = read_judge_spec(work.result_folder)
        assert spec == HeadSpec(file="models/binary.onnx")
        opened = judge_files(work.result_folder, spec)
    assert onnx.load(str(opened[HEAD].path / "models" / "binary.onnx")).graph.name == "binary"
    assert not (opened[HEAD].path / "models" / "sexual.onnx").exists()
    assert (opened[EMBEDDER].path / "1_Pooling" / "config.json").is_file()


def test_an_embedder_of_the_profile_is_pinned_with_its_description(tmp_path: Path) -> None:
    model_files(tmp_path / "models" / "minilm", "modules.json")
    declared = SentenceTransformers.model_validate({"kind": "sentence_transformers", "model": {"path": "minilm"}})
    with workspace(new_store(tmp_path), "models/embedder") as work:
        write_own_embedder(work, declared, tmp_path / "models")
        assert read_embedder_spec(work.result_folder) is not None
        assert (work.result_folder / FILES / "hub.json").is_file()
