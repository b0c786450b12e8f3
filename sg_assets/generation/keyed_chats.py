"""Chats with the digest of the tokens that they are rendered to, which is part of an answer's key.

The tokens of a prompt follow from the template, its arguments and the libraries that render it, not from the chat
alone: a template that writes the date of today gives other tokens tomorrow.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from sg_assets.chat.chat_loading import prompt_tokens
from sg_assets.errors import SgAssetsError
from sg_assets.generation.protocol import Messages

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

TOKENS: Final = "tokens"
"""The key of the digest, in the last message of a chat."""


def keyed_chats(tokenizer: "PreTrainedTokenizerBase", chats: Sequence[Messages]) -> list[Messages]:
    """Chats whose last message names the digest of the tokens of the whole prompt."""
    return [[*chat[:-1], {**chat[-1], TOKENS: _digest(prompt_tokens(tokenizer, chat))}] for chat in chats]


def require_same_tokens(chat: Messages, ids: Sequence[int]) -> None:
    """See that a chat is asked with the tokens that its key names, where it names any.

    Raises:
        SgAssetsError: they are others: its answer would be stored under a wrong key.
    """
    if chat[-1].get(TOKENS, "") not in ("", _digest(ids)):
        raise SgAssetsError(
            "a prompt has other tokens than when its answer was looked for",
            why="its template reads something that changes, such as the time",
            remedy="Declare what the template reads: `chat: {date: ...}` or `template_arguments`",
        )


def _digest(ids: Sequence[int]) -> str:
    return sha256(",".join(map(str, ids)).encode()).hexdigest()[:32]
