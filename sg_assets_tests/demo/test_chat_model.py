import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sg_assets.demo import chat_model, pretraining
from sg_assets.demo.chat_model_spec import ChatModelSpec
from sg_assets.errors import SgAssetsError
from sg_assets_tests.demo.declared import refusals, templates


def _spec(folder: Path, name: str, **changes: object) -> ChatModelSpec:
    rows = folder / "rows.parquet"
    if not rows.exists():
        pretraining.rows(0, 200, templates(), refusals()).write_parquet(rows)
    micro = {"vocab_size": 400, "hidden_size": 32, "layers": 1, "heads": 2, "intermediate_size": 32, "steps": 6}
    return ChatModelSpec.model_validate(
        {
            "rows": rows,
            "output_dir": folder / name,
            "kept": folder / "kept" / name,
            "batch_size": 8,
            "threads": 1,
            **micro,
            **changes,
        }
    )


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> ChatModelSpec:
    spec = _spec(tmp_path_factory.mktemp("chat"), "first")
    chat_model.train_chat_model(spec, lambda _: None)
    return spec


@given(
    lengths=st.lists(st.integers(1, 50), min_size=8, max_size=200),
    batch_size=st.integers(1, 8),
    seed=st.integers(0, 3),
)
def test_a_time_through_meets_every_row_but_an_incomplete_batch_once(
    lengths: list[int], batch_size: int, seed: int
) -> None:
    whole = len(lengths) // batch_size
    batches = list(islice(chat_model.batch_order(lengths, batch_size, seed), whole))
    rows = [row for batch in batches for row in batch]
    assert [len(batch) for batch in batches] == [batch_size] * whole
    assert len(set(rows)) == len(rows)
    assert list(islice(chat_model.batch_order(lengths, batch_size, seed), whole)) == batches


def test_rows_of_like_length_share_a_batch() -> None:
    lengths = [row % 40 for row in range(640)]
    batches: Iterator[list[int]] = islice(chat_model.batch_order(lengths, 8, 0), 80)
    spread = [max(lengths[row] for row in batch) - min(lengths[row] for row in batch) for batch in batches]
    assert sum(spread) / len(spread) < 8


def test_a_misspelt_setting_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="hiden_size"):
        _spec(tmp_path, "x", hiden_size=32)


def test_models_too_short_for_the_leaderboard_are_not_made(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="4096"):
        _spec(tmp_path, "x", max_positions=512)


def test_fewer_rows_than_a_batch_say_so(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="200 rows are fewer than one batch of 256"):
        chat_model.train_chat_model(_spec(tmp_path, "x", batch_size=256), lambda _: None)


@pytest.mark.slow
def test_the_folder_is_an_ordinary_hugging_face_folder(trained: ChatModelSpec) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(trained.output_dir)
    model = AutoModelForCausalLM.from_pretrained(trained.output_dir)
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": " hi "}], tokenize=False, add_generation_prompt=True
    )
    assert chat == (
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )
    assert model.config.vocab_size == len(tokenizer)
    assert tokenizer.decode(tokenizer("wah, shiök")["input_ids"]) == "wah, shiök"


@pytest.mark.slow
def test_the_folder_says_nothing_of_time_place_or_answer_length(trained: ChatModelSpec) -> None:
    texts = {path.name: path.read_text() for path in trained.output_dir.iterdir() if path.suffix != ".safetensors"}
    assert set(texts) == {
        "chat_template.jinja",
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "training.json",
    }
    assert not any(str(trained.output_dir.parent) in text for text in texts.values())
    assert "max_new_tokens" not in texts["generation_config.json"]
    assert set(json.loads(texts["training.json"])) == {"loss", "steps", "tokens", "parameters"}


@pytest.mark.slow
def test_the_same_spec_and_rows_give_the_same_bytes(trained: ChatModelSpec) -> None:
    again = _spec(trained.output_dir.parent, "second")
    chat_model.train_chat_model(again, lambda _: None)
    assert _digests(again.output_dir) == _digests(trained.output_dir)


class Cutting(BaseException):
    """Stands in for a kill."""


@pytest.mark.slow
@pytest.mark.parametrize("cut_at", [1, 4, 6])
def test_a_training_that_was_cut_ends_with_the_same_bytes(trained: ChatModelSpec, tmp_path: Path, cut_at: int) -> None:
    spec = trained.model_copy(update={"output_dir": tmp_path / "out", "kept": tmp_path / "kept", "save_steps": 2})
    batches = chat_model.batch_order

    def cutting(*arguments: Any) -> Iterator[list[int]]:
        yield from islice(batches(*arguments), cut_at - 1)
        raise Cutting

    with mock.patch.object(chat_model, "batch_order", cutting), pytest.raises(Cutting):
        chat_model.train_chat_model(spec, lambda _: None)
    said: list[str] = []
    chat_model.train_chat_model(spec, said.append)
    assert (f"resuming from step {(cut_at - 1) // 2 * 2}" in said) == (cut_at > 2)
    assert _digests(spec.output_dir) == _digests(trained.output_dir)
    assert not (spec.kept / "steps").exists()


@pytest.mark.slow
def test_a_finished_model_is_taken_over(trained: ChatModelSpec, tmp_path: Path) -> None:
    said: list[str] = []
    chat_model.train_chat_model(trained.model_copy(update={"output_dir": tmp_path / "out"}), said.append)
    assert said == ["already trained, reusing the stored result"]
    assert _digests(tmp_path / "out") == _digests(trained.output_dir)


@pytest.mark.slow
def test_another_seed_gives_other_weights_and_the_same_tokenizer(trained: ChatModelSpec) -> None:
    other = _spec(trained.output_dir.parent, "other", seed=1)
    chat_model.train_chat_model(other, lambda _: None)
    mine, its = _digests(trained.output_dir), _digests(other.output_dir)
    assert mine["model.safetensors"] != its["model.safetensors"]
    assert mine["tokenizer.json"] == its["tokenizer.json"]


@pytest.mark.slow
def test_training_lowers_the_loss(trained: ChatModelSpec) -> None:
    longer = _spec(trained.output_dir.parent, "longer", steps=60)
    first = json.loads((trained.output_dir / "training.json").read_text())["loss"]
    assert chat_model.train_chat_model(longer, lambda _: None)["loss"] < first - 0.5


@pytest.mark.slow
def test_it_runs_as_a_job_and_tells_its_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = _spec(tmp_path, "job")
    (tmp_path / "spec.json").write_text(spec.model_dump_json())
    chat_model.main([str(tmp_path / "spec.json")])
    assert (spec.output_dir / "model.safetensors").exists()
    assert "step 6 of 6" in capsys.readouterr().err
    assert pl.read_parquet(spec.rows).height == 200
