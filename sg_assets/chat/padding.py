"""The token that fills batches up to one length.

It must end no answer: whatever masks padding would mask the ends of answers with it, and a model that is trained so
does not stop. In order: the declared token; the tokenizer's own; a special token that is named for padding; the first
special token that no chat contains. No token is added, which would change the model.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def padding_token(
    tokenizer: "PreTrainedTokenizerBase",
    stops: Collection[int],
    chat: Collection[int],
    declared: str | None,
    where: str,
) -> str:
    """The padding token of a model.

    Args:
        tokenizer: The model's.
        stops: Tokens that end an answer.
        chat: Tokens of a whole chat.
        declared: As the profile says.
        where: The model, for errors.

    Raises:
        SgAssetsError: the declared token is none or ends an answer, or no token fits.
    """
    special = special_tokens(tokenizer)
    if declared is not None:
        _require_fitting(tokenizer, declared, stops, special, where)
        return declared
    if tokenizer.pad_token is not None and tokenizer.pad_token_id not in stops:
        return str(tokenizer.pad_token)
    unused = [word for word, token in special.items() if token not in stops and token not in chat]
    named = [word for word in unused if "pad" in word.lower()]
    for word in (*named, *unused):
        return word
    raise SgAssetsError(
        "the model has no token to fill batches up with", where=where,
        why="its own ends answers, or it has none, and every special token occurs in chats",
        remedy="Name a token of its vocabulary that no chat contains: `chat: {pad: <token>}`",
    )  # fmt: skip


def special_tokens(tokenizer: "PreTrainedTokenizerBase") -> dict[str, int]:
    """Special tokens by id, the lowest first."""
    known = {added.content: token for token, added in tokenizer.added_tokens_decoder.items() if added.special}
    known |= dict(zip(tokenizer.all_special_tokens, tokenizer.all_special_ids, strict=True))
    return dict(sorted(known.items(), key=lambda entry: entry[1]))


def _require_fitting(
    tokenizer: "PreTrainedTokenizerBase", word: str, stops: Collection[int], special: Collection[str], where: str
) -> None:
    known = tokenizer.get_vocab()
    if word not in known:
        raise SgAssetsError(f"chat.pad: '{word}' is no token of the model", where=where, remedy=nearest(word, special))
    if known[word] in stops:
        why = "whatever masks padding would mask the ends of answers, too"
        raise SgAssetsError(f"chat.pad: '{word}' ends answers", where=where, why=why, remedy="Name another token")
