"""Loading the chats of a model from its small files."""

import datetime
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sg_assets.chat.chat_loading import Chat, load_chat, prompt_tokens, require_context
from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.errors import SgAssetsError
from sg_assets_tests.training.data import TEMPLATE

DATED = "{{- strftime_now('%d %b %Y') }}" + TEMPLATE
WITHOUT_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}" + TEMPLATE
Model = Callable[..., Path]


@pytest.fixture
def model(micro_model: Path, tmp_path: Path) -> Model:
    """The micro model's small files, with other values in its configs and another template."""

    def made(template: str | None = TEMPLATE, tokenizer: Mapping[str, Any] | None = None, **configs: Any) -> Path:
        folder = tmp_path / "model"
        shutil.copytree(micro_model, folder, ignore=shutil.ignore_patterns("*.safetensors", "*.jinja"))
        for name, changes in {
            "config": {},
            "generation_config": {},
            **configs,
            "tokenizer_config": tokenizer or {},
        }.items():
            file = folder / f"{name}.json"
            values = {**json.loads(file.read_text()), **changes}
            values.pop("chat_template", None)
            file.write_text(json.dumps({key: value for key, value in values.items() if value is not None}))
        if template is not None:
            (folder / "chat_template.jinja").write_text(template)
        return folder

    return made


def chat_of(folder: Path, template: str | None = None, **declared: Any) -> Chat:
    return load_chat(
        folder, ChatSettings(declared=ChatDeclaration(**declared), template=template), where="sg/tiny@main"
    )


def words(chat: Chat) -> list[str]:
    return [str(chat.tokenizer.convert_ids_to_tokens(stop)) for stop in chat.stops]


@pytest.mark.slow
def test_a_model_without_a_padding_token_gets_one_that_ends_no_answer(model: Model) -> None:
    chat = chat_of(model(tokenizer={"pad_token": None}))
    assert chat.tokenizer.pad_token == "<|finetune_right_pad_id|>"  # noqa: S105
    assert chat.tokenizer.padding_side == "left"
    assert chat.tokenizer.pad({"input_ids": [[5], [5, 6]]})["attention_mask"] == [[0, 1], [1, 1]]


@pytest.mark.slow
def test_stops_are_those_of_the_config_the_tokenizer_and_the_template(model: Model) -> None:
    folder = model(
        tokenizer={"eos_token": "<|start_header_id|>"},
        config={"eos_token_id": 0},
        generation_config={"eos_token_id": [3]},
    )
    ids = load_chat(folder, ChatSettings()).tokenizer.convert_tokens_to_ids
    assert set(chat_of(folder).stops) == {0, 3, ids("<|start_header_id|>"), ids("<|eot_id|>")}


@pytest.mark.slow
def test_a_declared_stop_counts_as_well(model: Model) -> None:
    folder = model()
    assert words(chat_of(folder)) == ["<|eot_id|>"]
    assert set(words(chat_of(folder, stops=("<|end_header_id|>",)))) == {"<|eot_id|>", "<|end_header_id|>"}


@pytest.mark.slow
def test_a_declared_template_is_taken_in_place_of_the_model_s_own(model: Model) -> None:
    folder = model(template=None)
    with pytest.raises(SgAssetsError, match=r"sg/tiny@main: the model has no chat template.*chat: \{chat_template:"):
        chat_of(folder)
    assert "zorbs" in chat_of(folder, "zorbs " + TEMPLATE).tokenizer.apply_chat_template(
        [{"role": "user", "content": "hi"}], tokenize=False
    )


@pytest.mark.slow
def test_a_template_that_writes_today_needs_a_date(model: Model) -> None:
    folder = model(DATED)
    with pytest.raises(SgAssetsError, match=r"writes the date of today.*chat: \{date:"):
        chat_of(folder)
    asked = [{"role": "user", "content": "hi"}]
    dates = [datetime.date(2026, 1, day) for day in (1, 2)]
    first, second = (prompt_tokens(chat_of(folder, date=date).tokenizer, asked) for date in dates)
    assert first != second


@pytest.mark.slow
def test_a_template_without_system_messages_is_taken_unless_one_is_declared(model: Model) -> None:
    folder = model(WITHOUT_SYSTEM)
    assert not chat_of(folder).takes_system
    with pytest.raises(SgAssetsError, match=r"takes no system message|cannot write a chat"):
        chat_of(folder, system="Be kind.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ messages[5].content }}", "cannot write a chat"),
        ("{% if %}", "cannot write a chat"),
        ("hello", "leaves messages out"),
        ("{% for m in messages %}{{ m.content }}\n{% endfor %}", r"no token of its own.*chat: \{stops:"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(model: Model, template: str, said: str) -> None:
    with pytest.raises(SgAssetsError, match=said):
        chat_of(model(template))


@pytest.mark.slow
def test_the_context_is_the_config_s_the_tokenizer_s_or_the_declared_one(model: Model) -> None:
    folder = model(config={"max_position_embeddings": 900}, tokenizer={"model_max_length": 800})
    assert chat_of(folder).context == 800
    assert chat_of(folder, context=700).context == 700


@pytest.mark.slow
def test_an_unknown_context_is_refused_with_the_way_out(model: Model) -> None:
    folder = model(config={"max_position_embeddings": None}, tokenizer={"model_max_length": None})
    with pytest.raises(SgAssetsError, match=r"chat: \{context: 8192\}"):
        chat_of(folder)


@pytest.mark.slow
def test_a_generation_config_is_applied_unless_plain_is_declared(model: Model) -> None:
    folder = model(generation_config={"repetition_penalty": 1.2})
    assert chat_of(folder).decoding == {"repetition_penalty": 1.2}
    assert chat_of(folder, generation_config="plain").decoding == {}


@pytest.mark.slow
def test_no_tokenizer_is_an_error_that_names_the_model(model: Model) -> None:
    folder = model()
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(SgAssetsError, match="sg/tiny@main: cannot load the model's tokenizer"):
        chat_of(folder)


def test_what_fits_a_context_just_fits() -> None:
    require_context(8, 8, asked_by="max_length", where="m")
    with pytest.raises(SgAssetsError, match="max_length is 9 tokens"):
        require_context(8, 9, asked_by="max_length", where="m")
