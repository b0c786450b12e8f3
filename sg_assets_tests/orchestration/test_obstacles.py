"""What keeps steps from running on a machine, seen without trying."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sg_assets.declarations.records.model import ChatModel
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.obstacles import missing_source, obstacles_of
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref


def changed(tiny: Project, **fields: Any) -> Project:
    return replace(tiny, declared=replace(tiny.declared, profile=tiny.declared.profile.model_copy(update=fields)))


def problems(project: Project, name: str) -> list[tuple[str, bool]]:
    return [(met.problem, met.certain) for met in obstacles_of(project, asset_defs_of(project), Ref.parse(name))]


def test_nothing_keeps_tiny_from_running(tiny: Project) -> None:
    asset_defs = asset_defs_of(tiny)
    assert [str(ref) for ref in tiny.graph.refs if obstacles_of(tiny, asset_defs, ref)] == []


@pytest.mark.parametrize("name", ["responses/sg_safety[base]", "synthesized/base_responses"])
def test_answers_on_a_gpu_need_one(tiny: Project, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    on_gpu = changed(tiny, generation=tiny.declared.profile.generation.model_copy(update={"device": "cuda"}))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    [(problem, certain)] = problems(on_gpu, name)
    assert problem.startswith("device cuda is declared, and this machine shows no GPU")
    assert certain
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert problems(on_gpu, name) == []


def test_a_training_on_a_gpu_needs_one(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    training = tiny.declared.profile.training
    kto = training.kto.model_copy(update={"device": "cuda"})
    on_gpu = changed(tiny, training=training.model_copy(update={"kto": kto}))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert len(problems(on_gpu, "adapters/kto[sft_kto]")) == 1
    assert problems(on_gpu, "adapters/sft[sft_r128]") == []


def test_without_a_token_a_model_of_the_hub_may_fail(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = ChatModel.model_validate({"hub": {"repo": "o/m", "revision": "main"}})
    of_hub = changed(tiny, chat_models={"base": hub})
    monkeypatch.delenv("HF_TOKEN", raising=False)
    [(problem, certain)] = problems(of_hub, "models/chat[base]")
    assert problem.startswith("HF_TOKEN is not set")
    assert not certain
    monkeypatch.setenv("HF_TOKEN", "x")
    assert problems(of_hub, "models/chat[base]") == []


def test_texts_are_missing_where_they_are_neither_given_nor_generated(tiny: Project, tmp_path: Path) -> None:
    profile = tiny.declared.profile
    assert missing_source(profile, None, "comments", "SG_RAW", "a folder") is None
    samples = profile.samples.model_copy(update={"corpus_comments": None})
    bare = profile.model_copy(update={"samples": samples})
    assert missing_source(bare, tmp_path, "comments", "SG_RAW", "a folder") is None
    error = missing_source(bare, None, "comments", "SG_RAW", "a folder")
    assert str(error) == "SG_RAW: profile 'tiny' has no comments. Set SG_RAW to a folder."
