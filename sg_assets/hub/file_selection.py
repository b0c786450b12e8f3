"""Which files of a repository or folder a model is: by their names alone, so that nothing is downloaded to choose."""

import re
from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from sg_assets.declarations.records.model_files import NAME, ModelFiles
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.hub.file_list import FilesKind

PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")
"""Ends of names of weights in other forms."""
TORCH_PICKLES: Final = (".bin", ".pt", ".pth")
"""Those of torch, which can be converted."""
SAFETENSORS: Final = ".safetensors"
ONNX: Final = ".onnx"
_SAFE: Final = re.compile(NAME, re.ASCII)
_CONFIGS: Final = (".json", ".txt", ".model", ".jinja", ".tiktoken")
_TEMPLATES: Final = "additional_chat_templates/"
_MODULE: Final = re.compile(r"\d+_\w+/", re.ASCII)
"""A folder of a module of a sentence-transformers model: ``1_Pooling/``."""
_MODEL: Final = re.compile(r"(\d+_\w+/)?model(-\d+-of-\d+)?\.safetensors", re.ASCII)
_ADAPTER: Final = re.compile(r"adapter_model\.safetensors")
_PICKLED_MODEL: Final = re.compile(r"(\d+_\w+/)?pytorch_model(-\d+-of-\d+)?\.bin", re.ASCII)
_PICKLED_ADAPTER: Final = re.compile(r"adapter_model\.bin")
_SHARD: Final = re.compile(r"(?P<stem>.*-)(?P<number>\d+)-of-(?P<count>\d+)(?P<end>\.\w+)", re.ASCII)
_EXTERNAL: Final = re.compile(r"[._]data(_\d+)?", re.ASCII)
"""What follows the name of an ONNX file in those of its external data."""
_TOKENIZER: Final = re.compile(
    r"(tokenizer[\w.-]*\.(json|model)|vocab[\w.-]*\.(json|txt)|merges\.txt|special_tokens_map\.json|added_tokens\.json"
    r"|[\w.-]*(spiece|sentencepiece|spm)[\w.-]*\.model|[\w.-]+\.tiktoken|chat_template\.(jinja|json)"
    r"|additional_chat_templates/[\w.-]+\.jinja)",
    re.ASCII,
)
_SHOWN: Final = 8


def select(names: Iterable[str], declared: ModelFiles, kind: FilesKind) -> tuple[str, ...]:
    """The files of a model, sorted by name.

    Args:
        names: All files of its repository or folder.
        declared: The weights that are meant, whether code may run, and whether the tokenizer comes from elsewhere.
        kind: What the files are.

    Raises:
        SgAssetsError: the weights that are meant are not there, are several, are pickled, or lack a part.
    """
    safe = sorted(name for name in set(names) if _SAFE.fullmatch(name))
    weights = _declared(safe, set(names), declared, kind) if declared.weights else _usual(safe, declared, kind)
    _require_whole(weights, safe, declared.label)
    folders = {name.rpartition("/")[0] for name in weights}
    _require_config(folders, safe, declared.label, kind)
    suffixes = (*_CONFIGS, ".py") if declared.trust_remote_code else _CONFIGS
    besides = [name for name in safe if name.endswith(suffixes) and _is_read(name, folders)]
    if declared.tokenizer is not None:
        besides = [name for name in besides if not _TOKENIZER.fullmatch(name)]
    return tuple(sorted({*weights, *besides, *_external_data(weights, safe)}))


def select_tokenizer(names: Iterable[str], label: str) -> tuple[str, ...]:
    """The files of a tokenizer, sorted by name, with the config that says of which kind it is.

    Args:
        names: All files of its repository or folder.
        label: Names it in errors.

    Raises:
        SgAssetsError: it has none.
    """
    files = sorted(name for name in set(names) if _TOKENIZER.fullmatch(name))
    if not files:
        raise SgAssetsError(
            "has no tokenizer", where=label, why="none of its files is tokenizer.json, vocab.txt or their like",
            remedy="Name the repository or folder that has them",
        )  # fmt: skip
    return tuple(sorted({*files, *({"config.json"} & set(names))}))


def is_pickle(name: str) -> bool:
    """Whether a file holds weights as torch pickles them."""
    return name.endswith(TORCH_PICKLES)


def is_weights(name: str) -> bool:
    """Whether a file of a model holds weights: all others are small."""
    return name.endswith((SAFETENSORS, ONNX, *PICKLED)) or bool(re.search(rf"\.onnx{_EXTERNAL.pattern}$", name))


def _declared(safe: Sequence[str], names: Collection[str], declared: ModelFiles, kind: FilesKind) -> list[str]:
    chosen: set[str] = set()
    for pattern in declared.weights:
        matching = {name for name in names if _matches(name, pattern)}
        if not matching:
            remedy = nearest(pattern, [name for name in safe if is_weights(name)][:50])
            raise SgAssetsError(f"weights: no file matches '{pattern}'", where=declared.label, remedy=remedy)
        unsafe = sorted(matching - set(safe))
        if unsafe:
            raise SgAssetsError(
                f"weights: '{pattern}' matches {unsafe[0]!r}", where=declared.label,
                why="such a name could lead out of the model's folder", remedy="Name the files that are meant",
            )  # fmt: skip
        chosen |= matching
    wanted = _endings(kind) if declared.convert is None else (*_endings(kind), *TORCH_PICKLES)
    has_data = kind == "head" and any(name.endswith(ONNX) for name in chosen)  # external data have any name
    others = sorted(name for name in chosen if not name.endswith(wanted) and (not has_data or name.endswith(".py")))
    if others:
        raise _not_weights(others[0], declared.label, kind)
    if declared.convert is not None and not any(map(is_pickle, chosen)):
        why = f"weights names {_listed(sorted(chosen))}"
        raise SgAssetsError(
            "convert: there is nothing to convert", where=declared.label, why=why, remedy="Leave convert out"
        )
    return sorted(chosen)


def _matches(name: str, pattern: str) -> bool:
    parts, patterns = name.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _usual(safe: Sequence[str], declared: ModelFiles, kind: FilesKind) -> list[str]:
    """The weights by the names that libraries look for; else the only ones."""
    pattern = _ADAPTER if kind == "adapter" else _MODEL
    usual = [name for name in safe if pattern.fullmatch(name)]
    if "model.safetensors" in usual:
        usual = [name for name in usual if not _SHARD.fullmatch(name) or "/" in name]
    pickled = _usual_pickles(safe, kind)
    if declared.convert is not None:
        if pickled:
            return [*usual, *pickled]
        why = f"it has {_listed(usual)}" if usual else "it has no pytorch_model.bin"
        remedy = "Leave convert out" if usual else "Say which file is meant: weights: [NAME]"
        raise SgAssetsError("convert: there is nothing to convert", where=declared.label, why=why, remedy=remedy)
    if pickled:
        raise _no_weights(safe, declared, kind)
    return usual or _only_weights(safe, declared, kind)


def _only_weights(safe: Sequence[str], declared: ModelFiles, kind: FilesKind) -> list[str]:
    candidates = [name for name in safe if name.endswith(_endings(kind)) and not _other_purpose(name, kind)]
    shards = {_SHARD.fullmatch(name) and _SHARD.sub(r"\g<stem>\g<count>", name) for name in candidates}
    if len(candidates) == 1 or (len(shards) == 1 and None not in shards):
        return candidates
    if candidates:
        remedy = f"Say which is meant: weights: [{candidates[0]}]"
        raise SgAssetsError(f"has several weights: {_listed(candidates)}", where=declared.label, remedy=remedy)
    raise _no_weights(safe, declared, kind)


def _usual_pickles(safe: Sequence[str], kind: FilesKind) -> list[str]:
    """Pickled weights by the names that libraries look for, in folders that have no safetensors."""
    pattern = _PICKLED_ADAPTER if kind == "adapter" else _PICKLED_MODEL
    folders = {name.rpartition("/")[0] for name in safe if name.endswith(SAFETENSORS)}
    pickled = [name for name in safe if pattern.fullmatch(name) and name.rpartition("/")[0] not in folders]
    if "pytorch_model.bin" in pickled:
        pickled = [name for name in pickled if not _SHARD.fullmatch(name) or "/" in name]
    return pickled


def _endings(kind: FilesKind) -> tuple[str, ...]:
    return (SAFETENSORS, ONNX) if kind == "head" else (SAFETENSORS,)


def _other_purpose(name: str, kind: FilesKind) -> bool:
    """Whether a file is an adapter's where a model is meant; the message says so rather."""
    return kind != "adapter" and bool(_ADAPTER.fullmatch(name))


def _no_weights(safe: Sequence[str], declared: ModelFiles, kind: FilesKind) -> SgAssetsError:
    if kind != "adapter" and any(map(_ADAPTER.fullmatch, safe)):
        return SgAssetsError(
            "has no weights of a whole model", where=declared.label, why="it is an adapter (adapter_model.safetensors)",
            remedy="Name the repository or folder of a whole model, not of an adapter",
        )  # fmt: skip
    pickled = [name for name in safe if name.endswith(PICKLED)]
    why = f"it has {_listed(pickled)}: loading pickled weights can run any code" if pickled else None
    expected = "adapter_model.safetensors" if kind == "adapter" else "model.safetensors"
    return SgAssetsError(
        f"has no weights in {_forms(kind)}", where=declared.label, why=why,
        remedy=f"Name a revision, repository or folder with {expected}{_conversion(pickled)}",
    )  # fmt: skip


def _conversion(pickled: Sequence[str]) -> str:
    """The other way out, where the weights are pickles of torch."""
    return "; or declare convert: pickle, which makes safetensors of them once" if any(map(is_pickle, pickled)) else ""


def _forms(kind: FilesKind) -> str:
    return "safetensors or ONNX" if kind == "head" else "safetensors"


def _not_weights(name: str, label: str, kind: FilesKind) -> SgAssetsError:
    return SgAssetsError(
        f"weights: '{name}' is not {_forms(kind)}", where=label,
        why="loading pickled weights can run any code" if name.endswith(PICKLED) else None,
        remedy=f"Name files in {_forms(kind)}{_conversion([name])}",
    )  # fmt: skip


def _require_whole(weights: Sequence[str], safe: Sequence[str], label: str) -> None:
    """All shards are there, and the index that says which tensor is in which."""
    for name in weights:
        shard = _SHARD.fullmatch(name)
        if shard is None:
            continue
        count, width = int(shard["count"]), len(shard["number"])
        if count > len(safe):
            parts = [f"{shard['stem']}{number:0{width}}-of-{shard['count']}{shard['end']}" for number in (1, count)]
            missing = [part for part in parts if part not in weights] or [f"{count - len(weights)} more parts"]
        else:
            parts = [f"{shard['stem']}{n:0{width}}-of-{shard['count']}{shard['end']}" for n in range(1, count + 1)]
            missing = [part for part in parts if part not in weights]
        index = f"{shard['stem'].removesuffix('-')}{shard['end']}.index.json"
        missing += [] if index in safe else [index]
        if missing:
            remedy = "Name a revision or folder that has all parts, or list them under weights"
            raise SgAssetsError(f"'{name}' is a part, and {_listed(missing)} is missing", where=label, remedy=remedy)


def _require_config(folders: Iterable[str], safe: Sequence[str], label: str, kind: FilesKind) -> None:
    if kind == "head":
        return
    config = "adapter_config.json" if kind == "adapter" else "config.json"
    for folder in sorted(folders):
        name = f"{folder}/{config}".removeprefix("/")
        if name not in safe:
            whole = "of a whole model, not of an adapter" if kind == "model" else "of a PEFT adapter"
            remedy = f"Name the repository or folder {whole}"
            raise SgAssetsError(f"has no {name}", where=label, remedy=remedy)


def _is_read(name: str, folders: Collection[str]) -> bool:
    """Whether a config is one that loading reads: at the top, beside the weights, or a module's."""
    folder = name.rpartition("/")[0]
    return not folder or folder in folders or bool(_MODULE.fullmatch(f"{folder}/")) or name.startswith(_TEMPLATES)


def _external_data(weights: Sequence[str], safe: Sequence[str]) -> list[str]:
    onnx = [name for name in weights if name.endswith(ONNX)]
    return [name for name in safe if _is_external(name, onnx)]


def _is_external(name: str, onnx: Collection[str]) -> bool:
    return any(name.startswith(whole) and _EXTERNAL.fullmatch(name[len(whole) :]) for whole in onnx)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
