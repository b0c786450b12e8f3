"""The one loader of a model's chats: tokenizer with its template, padding, stops, context and decoding.

Everything is checked here, from the small files of a model alone, so that nothing is found out with the weights loaded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.chat.bound_template import bound_template, with_clock
from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.chat.decoding import end_tokens, greedy_changes, read_generation_config, read_json
from sg_assets.chat.padding import padding_token, special_tokens
from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_ANSWER: Final = "Forty-two."
_ASKED: Final = {"role": "user", "content": "How many?"}
_ANSWERED: Final = {"role": "assistant", "content": _ANSWER}
_SYSTEM: Final = {"role": "system", "content": "Count well."}
_LENGTHS: Final = (
    "max_position_embeddings",
    "n_positions",
    "n_ctx",
    "max_sequence_length",
    "max_seq_len",
    "seq_length",
)
_UNBOUNDED: Final = 10_000_000
"""Tokenizers write a number beyond this for a length that they do not know."""
_TEMPLATE_REMEDY: Final = (
    "Put a template into models/chat_templates/<name>.jinja and declare it for the model: "
    "`chat: {chat_template: <name>.jinja}`"
)
_DATE_REMEDY: Final = "Declare the date that it shall write for the model: `chat: {date: 2026-01-31}`"


@dataclass(frozen=True)
class Chat:
    """How chats with a model are written, ended and decoded."""

    tokenizer: "PreTrainedTokenizerBase"
    """With the template as declared, padding on the left with a token that ends no answer."""
    stops: tuple[int, ...]
    """The tokens that end an answer, sorted."""
    context: int
    """Most tokens of a prompt with its answer."""
    decoding: Mapping[str, Any]
    """What the model's generation config changes in greedy decoding."""
    takes_system: bool
    """Whether the template writes a system message."""

    def facts(self) -> dict[str, Any]:
        """What was decided, for people."""
        words = self.tokenizer.convert_ids_to_tokens
        return {
            "stops": [words(stop) for stop in self.stops],
            "pad": self.tokenizer.pad_token,
            "context": self.context,
            "takes_system_message": self.takes_system,
            "generation_config": dict(self.decoding),
        }


def load_chat(folder: Path, settings: ChatSettings, *, trust_remote_code: bool = False, where: str = "") -> Chat:
    """Load a model's tokenizer and decide all that its chats need.

    Args:
        folder: The model's; its weights are not read.
        settings: What is declared of its chats.
        trust_remote_code: Whether Python code in the folder may run.
        where: Names the model in errors; its folder where empty.

    Raises:
        SgAssetsError: there is no tokenizer or template, the template cannot write a chat or writes the date of today,
            or the end of an answer, a token to pad with or the context is not known.
    """
    named = where or str(folder)
    config, declared = read_json(folder / "config.json"), settings.declared
    generation = read_generation_config(folder)
    tokenizer = _tokenizer(folder, trust_remote_code=trust_remote_code, where=named)
    tokenizer.chat_template = bound_template(_template(tokenizer, settings, named), declared)
    written = _written_chat(tokenizer, named)
    takes_system = _takes_system(tokenizer)
    if declared.system is not None and not takes_system:
        raise SgAssetsError("the model's template takes no system message", where=named, remedy="Leave `system` out")
    stops = _stops(tokenizer, (config, generation), written, declared.stops, named)
    tokenizer.pad_token = padding_token(tokenizer, stops, tokenizer.encode(written, add_special_tokens=False),
                                        declared.pad, named)  # fmt: skip
    decoding = greedy_changes(generation, named) if declared.generation_config == "own" else {}
    return Chat(tokenizer, stops, declared.context or _context(config, tokenizer, named), decoding, takes_system)


def prompt_tokens(tokenizer: "PreTrainedTokenizerBase", chat: Sequence[Mapping[str, str]]) -> list[int]:
    """The tokens of a chat that asks for an answer."""
    messages = [{"role": message["role"], "content": message["content"]} for message in chat]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    # The template writes the special tokens itself: adding them again would double the first one.
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def require_context(context: int, tokens: int, *, asked_by: str, where: str) -> None:
    """See that a prompt with its answer fits a model.

    Args:
        context: The model's.
        tokens: The most that are asked for.
        asked_by: The declared values that they come from.
        where: The model.

    Raises:
        SgAssetsError: they do not fit.
    """
    if tokens > context:
        raise SgAssetsError(
            f"{asked_by} is {tokens:,} tokens", where=where, why=f"the model takes {context:,} tokens at most",
            remedy=f"Declare at most {context:,}, or the model's `chat: {{context: ...}}` where it takes more",
        )  # fmt: skip


def _tokenizer(folder: Path, *, trust_remote_code: bool, where: str) -> "PreTrainedTokenizerBase":
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, padding_side="left", trust_remote_code=trust_remote_code)
    except Exception as error:  # tokenizers of any kind, with any error of their own
        remedy = "Name a repository or revision that holds the tokenizer of the model"
        raise SgAssetsError("cannot load the model's tokenizer", where=where, why=str(error), remedy=remedy) from error


def _template(tokenizer: "PreTrainedTokenizerBase", settings: ChatSettings, where: str) -> str:
    if settings.template is not None:
        return settings.template
    own = tokenizer.chat_template
    template = own.get("default") if isinstance(own, dict) else own
    if not template:
        raise SgAssetsError(
            "the model has no chat template", where=where, why="it is no chat model, or its template is elsewhere",
            remedy=_TEMPLATE_REMEDY,
        )  # fmt: skip
    return str(template)


def _written_chat(tokenizer: "PreTrainedTokenizerBase", where: str) -> str:
    """A chat of a question and an answer as text."""
    try:
        written = _render(tokenizer, [_ASKED, _ANSWERED])
        prompted = _render(tokenizer, [_ASKED], add_generation_prompt=True)
        clocks = {_render(tokenizer, [_ASKED], chat_template=with_clock(_text(tokenizer), said)) for said in "AB"}
    except Exception as error:  # templates raise what they like
        raise SgAssetsError(
            "the model's chat template cannot write a chat", where=where, why=str(error), remedy=_TEMPLATE_REMEDY
        ) from error
    if _ANSWER not in written or _ASKED["content"] not in prompted:
        raise SgAssetsError("the model's chat template leaves messages out", where=where, remedy=_TEMPLATE_REMEDY)
    if len(clocks) > 1:
        why = "the same prompt would be another one tomorrow, and a training could not be made again"
        raise SgAssetsError(
            "the model's chat template writes the date of today", where=where, why=why, remedy=_DATE_REMEDY
        )
    return written


def _takes_system(tokenizer: "PreTrainedTokenizerBase") -> bool:
    try:
        return _SYSTEM["content"] in _render(tokenizer, [_SYSTEM, _ASKED, _ANSWERED])
    except Exception:  # noqa: BLE001 - a template says by any error that it takes none
        return False


def _text(tokenizer: "PreTrainedTokenizerBase") -> str:
    return str(tokenizer.chat_template)


def _render(tokenizer: "PreTrainedTokenizerBase", chat: Sequence[Mapping[str, str]], **options: Any) -> str:  # noqa: ANN401
    return str(tokenizer.apply_chat_template([dict(message) for message in chat], tokenize=False, **options))


def _stops(
    tokenizer: "PreTrainedTokenizerBase",
    configs: Iterable[Mapping[str, Any]],
    written: str,
    declared: Sequence[str],
    where: str,
) -> tuple[int, ...]:
    """The tokens that end an answer: of the configs, of the tokenizer, of the template, and those declared."""
    stops = {end for config in configs for end in end_tokens(config)}
    if tokenizer.eos_token_id is not None:
        stops.add(int(tokenizer.eos_token_id))
    stops |= {_id_of(tokenizer, word, where) for word in declared}
    after = tokenizer.encode(written[written.rindex(_ANSWER) + len(_ANSWER) :], add_special_tokens=False)
    special = {*special_tokens(tokenizer).values(), *stops}
    ends = [token for token in after if token in special]
    if not ends:
        raise SgAssetsError(
            "the model's chat template ends an answer with no token of its own", where=where,
            why="a model that is trained on such chats never learns to stop",
            remedy=f"{_TEMPLATE_REMEDY}, or name the token that it ends with: `chat: {{stops: [<token>]}}`",
        )  # fmt: skip
    return tuple(sorted({*stops, ends[0]}))


def _id_of(tokenizer: "PreTrainedTokenizerBase", word: str, where: str) -> int:
    known = tokenizer.get_vocab()
    if word not in known:
        why = "an answer ends with a token of the vocabulary, not with a text"
        raise SgAssetsError(f"chat.stops: '{word}' is no token of the model", where=where, why=why)
    return int(known[word])


def _context(config: Mapping[str, Any], tokenizer: "PreTrainedTokenizerBase", where: str) -> int:
    texts = config.get("text_config")
    configs = (config, texts if isinstance(texts, dict) else {})
    lengths = [part[name] for part in configs for name in _LENGTHS if isinstance(part.get(name), int)][:1]
    if tokenizer.model_max_length < _UNBOUNDED:
        lengths.append(int(tokenizer.model_max_length))
    if not lengths:
        raise SgAssetsError(
            "how many tokens the model takes is not known", where=where,
            why="neither its config nor its tokenizer says it", remedy="Declare it: `chat: {context: 8192}`",
        )  # fmt: skip
    return int(min(lengths))
