"""A tokenizer of bytes, for tests that need no library."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

STOP, OTHER_STOP = 256, 257


def byte_tokenizer(greeting: str = "") -> Any:
    """Each byte is a token; a chat is a greeting and its messages."""

    def written(chat: Sequence[dict[str, str]], **_: object) -> str:
        assert all(set(message) == {"role", "content"} for message in chat)
        return greeting + "".join(f"{message['role']}: {message['content']}\n" for message in chat)

    class Tokenizer(SimpleNamespace):
        def __call__(self, text: str, **_: object) -> dict[str, list[int]]:
            return {"input_ids": list(text.encode())}

    def text_of(ids: Sequence[int], **_: object) -> str:
        return bytes(ids).decode(errors="replace")

    return Tokenizer(apply_chat_template=written, decode=text_of)
