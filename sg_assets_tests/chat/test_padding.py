"""Which token fills batches up."""

from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.chat.padding import padding_token
from sg_assets.errors import SgAssetsError

LLAMA_3 = {"<|begin_of_text|>": 10, "<|end_of_text|>": 11, "<|reserved_special_token_0|>": 12, "<|eot_id|>": 19}
WORDS = {"hi": 1}


def tokenizer(special: dict[str, int], pad: str | None = None) -> Any:
    added = {token: SimpleNamespace(content=word, special=True) for word, token in special.items()}
    return SimpleNamespace(
        pad_token=pad,
        pad_token_id=None if pad is None else special[pad],
        added_tokens_decoder=added,
        all_special_tokens=[],
        all_special_ids=[],
        get_vocab=lambda: {**WORDS, **special},
    )


def padding(special: dict[str, int], pad: str | None = None, declared: str | None = None) -> str:
    return padding_token(tokenizer(special, pad), {11, 19}, [10, 1, 19], declared, "a model")


def test_a_model_without_a_padding_token_gets_a_special_one_that_no_chat_contains() -> None:
    assert padding(LLAMA_3) == "<|reserved_special_token_0|>"


def test_one_that_is_named_for_padding_goes_before_the_others() -> None:
    assert padding({**LLAMA_3, "<|finetune_right_pad_id|>": 14}) == "<|finetune_right_pad_id|>"


def test_its_own_stays_unless_it_ends_answers() -> None:
    assert padding({**LLAMA_3, "<fill>": 15}, pad="<fill>") == "<fill>"
    assert padding(LLAMA_3, pad="<|eot_id|>") == "<|reserved_special_token_0|>"


def test_a_declared_one_goes_first() -> None:
    assert padding({**LLAMA_3, "<fill>": 15}, pad="<fill>", declared="<|reserved_special_token_0|>") == (
        "<|reserved_special_token_0|>"
    )


@pytest.mark.parametrize(
    ("declared", "said"), [("<pad>", "is no token of the model"), ("<|eot_id|>", "'<|eot_id|>' ends answers")]
)
def test_a_declared_one_that_cannot_be_is_refused(declared: str, said: str) -> None:
    with pytest.raises(SgAssetsError) as caught:
        padding(LLAMA_3, declared=declared)
    assert said in str(caught.value)


def test_where_no_token_fits_the_error_names_the_way_out() -> None:
    with pytest.raises(SgAssetsError, match=r"chat: \{pad: <token>\}"):
        padding({"<|begin_of_text|>": 10, "<|eot_id|>": 19})
