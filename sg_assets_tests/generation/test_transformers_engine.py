"""The in-process engine, on a micro Llama with random weights."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.adapters.probe import PROBE, make_probe
from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.declarations.records.model import Generation
from sg_assets.errors import SgAssetsError
from sg_assets.generation.protocol import Answer
from sg_assets.generation.transformers_engine import TransformersEngine
from sg_assets.hub.fetch import fetch
from sg_assets.hub.file_list import ModelFileList
from sg_assets.hub.resolve import resolve
from sg_assets_tests.adapters.micro_adapters import make_adapter
from sg_assets_tests.generation.engines import chats
from sg_assets_tests.hub.server import Repo, serving

pytestmark = pytest.mark.slow
PROMPTS = [f"{word} " * (1 + index % 7) + "people" for index, word in enumerate(("Wah", "zorb", "kopi", "rojak") * 4)]


@pytest.fixture(scope="module")
def model(micro_model: Path) -> Path:
    return micro_model


@pytest.fixture(scope="module")
def adapter(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter far enough from nothing that answers change."""
    return make_adapter(model, tmp_path_factory.mktemp("adapted") / "adapter")


def engine(
    model: Path, adapted: Path | None = None, details: Mapping[str, Any] | None = None, **changes: Any
) -> TransformersEngine:
    settings = {"batch_size": 64, "max_new_tokens": 12, "max_prompt_tokens": 200, "dtype": "float32", "device": "cpu"}
    pinned: Any = SimpleNamespace(fingerprint=f"print of {model.name}")
    with_adapter: Any = adapted and (
        SimpleNamespace(fingerprint="print of adapter", ref="adapters/sft[a]", details=details or {}),
        adapted,
    )
    return TransformersEngine(Generation.model_validate(settings | changes), (pinned, model), with_adapter)


def answers(made: TransformersEngine, asked: Sequence[Sequence[Mapping[str, str]]]) -> list[Answer]:
    answers_by_index = dict(made.answer(asked))
    assert sorted(answers_by_index) == list(range(len(asked)))
    return [answers_by_index[index] for index in range(len(asked))]


@pytest.mark.parametrize("adapted", [False, True])
def test_neither_batch_nor_order_moves_an_answer(model: Path, adapter: Path, adapted: bool) -> None:
    alone = answers(engine(model, adapter if adapted else None, batch_size=1), chats(*PROMPTS))
    assert len({answer.response for answer in alone}) > 4
    for batch_size in (8, 64):
        made = engine(model, adapter if adapted else None, batch_size=batch_size)
        for seed in range(2):
            order = random.Random(seed).sample(range(len(PROMPTS)), len(PROMPTS))
            shuffled = answers(made, chats(*(PROMPTS[index] for index in order)))
            assert shuffled == [alone[index] for index in order]


def test_of_equal_scores_the_lowest_token_is_taken(model: Path) -> None:
    for batch_size in (1, 8):
        made = engine(model, batch_size=batch_size)
        for weight in made._model.parameters():
            weight.data.zero_()
        assert made._tokenizer.convert_tokens_to_ids("<|begin_of_text|>") == 0
        assert {(answer.response, answer.response_tokens) for answer in answers(made, chats(*PROMPTS))} == {("", 12)}


def test_answers_are_those_of_the_model_alone(model: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    asked = chats(PROMPTS[3])[0]
    prompt = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    length = prompt["input_ids"].shape[1]
    plain = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    output = plain.generate(**prompt, max_new_tokens=12, do_sample=False)[0, length:]
    (answered,) = answers(engine(model), [asked])
    assert answered.response == tokenizer.decode(output, skip_special_tokens=True)
    assert answered.prompt_tokens == length


def test_an_adapter_moves_the_answers_and_the_identity(model: Path, adapter: Path) -> None:
    plain, adapted = engine(model), engine(model, adapter)
    assert answers(plain, chats(*PROMPTS)) != answers(adapted, chats(*PROMPTS))
    assert plain.identity != adapted.identity


def test_a_merged_adapter_is_the_adapter(model: Path, adapter: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    made = engine(model, adapter)
    unmerged = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32), adapter)
    ids = torch.tensor([made._encode(chats(PROMPTS[0])[0])])
    with torch.inference_mode():
        torch.testing.assert_close(made._model(ids).logits, unmerged(ids).logits, rtol=1e-4, atol=1e-4)
    assert not any("lora" in name for name, _ in made._model.named_parameters())


def test_a_model_that_lacks_its_adapter_s_effect_answers_nothing(model: Path, adapter: Path, tmp_path: Path) -> None:
    other = make_adapter(model, tmp_path / "other", seed=2)
    details = {PROBE: make_probe(model, other).model_dump(mode="json")}
    asked = engine(model, adapter, details, max_prompt_tokens=60).answer(chats("long " * 60, "short"))
    with pytest.raises(SgAssetsError, match="another adapter"):
        next(asked)


def test_the_share_of_the_effect_stands_in_the_session(model: Path, adapter: Path) -> None:
    made = engine(model, adapter, {PROBE: make_probe(model, adapter).model_dump(mode="json")})
    assert "adapter_effect" not in made.session
    answers(made, chats("short"))
    assert made.session["adapter_effect"] > 0.999
    unprobed = engine(model, adapter)
    answers(unprobed, chats("short"))
    assert unprobed.session["adapter_effect"] is None


def test_answers_of_a_float32_sum_keep_their_identity(model: Path, adapter: Path) -> None:
    """Stored answers of before there were probes are those of the same model: nothing is asked again."""
    assert engine(model, adapter).identity == {
        "engine": "transformers", "model": f"print of {model.name}", "adapter": "print of adapter", "merged": True,
        "dtype": "float32", "decoding": "greedy", "max_new_tokens": 12, "max_prompt_tokens": 200,
    }  # fmt: skip


def test_how_an_adapter_is_applied_decides_answers(model: Path, adapter: Path) -> None:
    identities = [
        engine(model, adapter, adapter=application, dtype=dtype).identity
        for application in ("merged", "unmerged")
        for dtype in ("float32", "bfloat16")
    ]
    assert all(identities.count(identity) == 1 for identity in identities)
    assert identities[1]["summed_in"] == "float32"


def test_a_prompt_that_is_too_long_is_invalid_and_stops_no_other(model: Path) -> None:
    answered = answers(engine(model, max_prompt_tokens=60), chats("short", "long " * 60, "brief"))
    assert [answer.finish == "prompt_too_long" for answer in answered] == [False, True, False]
    assert (answered[1].response, answered[1].finish) == (None, "prompt_too_long")


def test_a_prompt_of_just_the_limit_is_answered(model: Path) -> None:
    length = len(engine(model)._encode(chats("short")[0]))
    ends = [answers(engine(model, max_prompt_tokens=limit), chats("short"))[0].finish for limit in (length, length - 1)]
    assert [end == "prompt_too_long" for end in ends] == [False, True]


def test_special_tokens_are_written_once(model: Path) -> None:
    made = engine(model)
    ids = made._encode(chats("hello")[0])
    assert ids.count(made._tokenizer.bos_token_id) == 1


def test_an_answer_that_ran_out_of_tokens_says_so(model: Path) -> None:
    answered = answers(engine(model, max_new_tokens=1), chats(*PROMPTS))
    ends = {("length", 1), ("half_character", 1), ("stop", 0)}
    assert {(answer.finish, answer.response_tokens) for answer in answered} <= ends
    assert any(answer.finish == "length" for answer in answered)


def test_no_chats_load_no_model(tmp_path: Path) -> None:
    assert list(engine(tmp_path / "nowhere").answer([])) == []


def test_a_session_names_the_device_it_runs_on(model: Path) -> None:
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    session = engine(model, device="auto").session
    assert (session["device"], session["batch_size"]) == (device, 64)
    assert set(session["libraries"]) == {"torch", "transformers", "peft"}


def test_device_and_batch_size_do_not_decide_an_answer(model: Path) -> None:
    assert engine(model, batch_size=1, device="auto").identity == engine(model).identity


@pytest.mark.parametrize("changed", [{"max_new_tokens": 13}, {"max_prompt_tokens": 60}, {"dtype": "bfloat16"}])
def test_settings_that_decide_an_answer_are_in_the_identity(model: Path, changed: dict[str, Any]) -> None:
    assert engine(model, **changed).identity != engine(model).identity


def test_a_model_of_the_hub_answers_as_its_files_do(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path.name: path.read_bytes() for path in model.iterdir()}
    with serving({"sg/micro": Repo(files)}) as hub:
        pinned = resolve("sg/micro", "main", tuple, endpoint=hub.endpoint)
        fetch(pinned, tmp_path / "cache", endpoint=hub.endpoint)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    ModelFileList(**pinned.model_dump(), trust_remote_code=False).write(tmp_path)
    assert answers(engine(tmp_path), chats(*PROMPTS)) == answers(engine(model), chats(*PROMPTS))


SAMPLED: dict[str, Any] = {"sampling": {"temperature": 3.0, "top_p": 0.9, "seed": 5}}


def test_a_sampled_answer_does_not_depend_on_its_batch(model: Path) -> None:
    asked = chats(*PROMPTS[:6])
    together = answers(engine(model, **SAMPLED), asked)
    assert together == [answers(engine(model, batch_size=1, **SAMPLED), [chat])[0] for chat in asked]
    assert together != answers(engine(model), asked)


def test_only_declared_sampling_is_in_the_identity(model: Path) -> None:
    assert engine(model).identity["decoding"] == "greedy"
    assert engine(model, **SAMPLED).identity["decoding"] == {"temperature": 3.0, "top_p": 0.9, "seed": 5}


def test_a_model_trained_here_keeps_its_keys(model: Path) -> None:
    made = engine(model)
    asked = chats(*PROMPTS)
    assert made.keyed(asked) is asked
    assert set(made.identity) == {
        "engine", "model", "adapter", "merged", "dtype", "decoding", "max_new_tokens", "max_prompt_tokens",
    }  # fmt: skip


@pytest.fixture
def listed(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A version that lists the model's files, with what is declared of its chats."""
    files = {path.name: path.read_bytes() for path in model.iterdir()}
    files["generation_config.json"] = b'{"eos_token_id": [0, 1], "repetition_penalty": 1.5}'
    with serving({"sg/micro": Repo(files)}) as hub:
        pinned = resolve("sg/micro", "main", tuple, endpoint=hub.endpoint)
        fetch(pinned, tmp_path / "cache", endpoint=hub.endpoint)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    artifact = tmp_path / "artifact"
    artifact.mkdir()
    ModelFileList(**pinned.model_dump(), trust_remote_code=False).write(artifact)
    return artifact


def declared(artifact: Path, **chat: Any) -> Path:
    ChatSettings(declared=ChatDeclaration(**chat)).write(artifact)
    return artifact


def test_the_key_of_an_answer_holds_the_tokens_stops_and_changes_of_decoding(listed: Path) -> None:
    made = engine(listed)
    (plain,) = made.keyed(chats("hi"))
    assert made.identity["changes"] == {"repetition_penalty": 1.5}
    assert set(made.identity["stops"]) >= {0, 1}
    (other,) = engine(declared(listed, system="Be kind.")).keyed(chats("hi"))
    assert plain[-1]["content"] == other[-1]["content"]
    assert plain[-1]["tokens"] != other[-1]["tokens"]
    assert engine(declared(listed, generation_config="plain")).identity["changes"] == {}


def test_what_the_generation_config_changes_is_applied_and_each_stop_ends(listed: Path) -> None:
    asked = chats(*PROMPTS[:6])
    changed = answers(engine(listed), asked)
    plain = engine(declared(listed, generation_config="plain", stops=("z",)))
    assert changed != answers(plain, asked)
    config = plain._model.generation_config
    assert (config.repetition_penalty, config.do_sample) == (None, False)
    assert set(config.eos_token_id) >= {0, 1, plain._tokenizer.convert_tokens_to_ids("z")}


def test_more_tokens_than_the_model_takes_are_refused_before_its_weights_are_read(model: Path) -> None:
    made = engine(model, max_prompt_tokens=600)
    with pytest.raises(SgAssetsError, match="max_prompt_tokens with max_new_tokens is 612 tokens"):
        list(made.answer(chats("hi")))
    assert "_model" not in vars(made)
