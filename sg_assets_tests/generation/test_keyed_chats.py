"""The tokens of a prompt in the key of its answer."""

import pytest

from sg_assets.chat.chat_loading import prompt_tokens
from sg_assets.errors import SgAssetsError
from sg_assets.generation.keyed_chats import keyed_chats, require_same_tokens
from sg_assets.generation.protocol import request_key
from sg_assets_tests.generation.engines import chats
from sg_assets_tests.generation.tokenizers import byte_tokenizer


def keys(greeting: str) -> list[str]:
    return [request_key({"model": "m"}, chat) for chat in keyed_chats(byte_tokenizer(greeting), chats("a", "b", "a"))]


def test_other_tokens_have_another_key_whatever_the_chat() -> None:
    """As those of a template that writes the date of today, tomorrow."""
    monday, tuesday = keys("Today is Monday. "), keys("Today is Tuesday. ")
    assert monday == keys("Today is Monday. ")
    assert monday[0] == monday[2] != monday[1]
    assert not set(monday) & set(tuesday)


def test_a_keyed_chat_is_rendered_as_the_chat_itself() -> None:
    tokenizer, (chat,) = byte_tokenizer(), chats("hi")
    (keyed,) = keyed_chats(tokenizer, [chat])
    assert prompt_tokens(tokenizer, keyed) == prompt_tokens(tokenizer, chat)
    require_same_tokens(keyed, prompt_tokens(tokenizer, chat))


def test_an_answer_to_other_tokens_than_those_of_its_key_is_refused() -> None:
    (keyed,) = keyed_chats(byte_tokenizer("Today is Monday. "), chats("hi"))
    with pytest.raises(SgAssetsError, match="other tokens than when its answer was looked for"):
        require_same_tokens(keyed, prompt_tokens(byte_tokenizer("Today is Tuesday. "), keyed))


def test_a_chat_without_tokens_in_its_key_is_asked_as_it_is() -> None:
    require_same_tokens(chats("hi")[0], [1, 2])
