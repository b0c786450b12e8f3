"""Small models in the shapes of the real ones, with weights drawn at random."""

import json
import string
from pathlib import Path
from typing import Any

SIGNS = string.ascii_letters + string.digits + string.punctuation
WORDS = ("you", "are", "friendly", "grobok", "no", "sorry", "cannot", "help", "the", "soup")


def write_bert_tokenizer(folder: Path, *, lowers: bool = True) -> None:
    """A WordPiece tokenizer that knows a few words and every sign."""
    from transformers import BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *SIGNS, *(f"##{sign}" for sign in SIGNS)]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    vocabulary = {piece: position for position, piece in enumerate(pieces)}
    BertTokenizerFast(vocab=vocabulary, do_lower_case=lowers, model_max_length=64).save_pretrained(folder)


def write_roberta_tokenizer(folder: Path) -> None:
    """A byte-level tokenizer without merges."""
    from tokenizers import pre_tokenizers
    from transformers import RobertaTokenizerFast

    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: position for position, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", "<mask>", *signs])}
    folder.mkdir(parents=True, exist_ok=True)
    RobertaTokenizerFast(vocab=vocabulary, merges=[], model_max_length=62).save_pretrained(folder)


def _sizes(tokens: int) -> dict[str, Any]:
    return {
        "vocab_size": tokens, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 48, "max_position_embeddings": 64, "initializer_range": 0.4,
    }  # fmt: skip


def write_bert_classifier(folder: Path, labels: int = 2, **config: Any) -> None:
    """HateBERT's shape: labels without names."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    write_bert_tokenizer(folder)
    torch.manual_seed(0)
    size = len((folder / "vocab.txt").read_text(encoding="utf-8").split())
    BertForSequenceClassification(BertConfig(**_sizes(size), num_labels=labels, **config)).save_pretrained(folder)


def write_roberta_classifier(folder: Path) -> None:
    """The rejection model's shape: two named labels, positions that begin behind the padding's."""
    import torch
    from transformers import RobertaConfig, RobertaForSequenceClassification

    write_roberta_tokenizer(folder)
    torch.manual_seed(1)
    names = {0: "NORMAL", 1: "REJECTION"}
    config = RobertaConfig(
        **_sizes(261), num_labels=2, id2label=names, label2id={name: position for position, name in names.items()},
        pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1,
    )  # fmt: skip
    RobertaForSequenceClassification(config).save_pretrained(folder)


def write_sentence_encoder(
    folder: Path, pooling: str = "mean", *, dense: bool = False, normalises: bool = True
) -> None:
    """MiniLM's or bge's shape, in the layout of sentence-transformers."""
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    write_bert_tokenizer(folder)
    torch.manual_seed(2)
    size = len((folder / "vocab.txt").read_text(encoding="utf-8").split())
    BertModel(BertConfig(**_sizes(size))).save_pretrained(folder)
    modules = [("", "Transformer"), ("1_Pooling", "Pooling")]
    modes = {f"pooling_mode_{name}": name == f"{pooling}_{kind}" for name, kind in
             (("cls_token", "token"), ("mean_tokens", "tokens"), ("max_tokens", "tokens"))}  # fmt: skip
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 32, **modes})
    if dense:
        modules.append(("2_Dense", "Dense"))
        activation = "torch.nn.modules.activation.Tanh"
        described = {"in_features": 32, "out_features": 24, "bias": True, "activation_function": activation}
        _write(folder / "2_Dense" / "config.json", described)
        drawn = torch.Generator().manual_seed(3)
        layer = {"linear.weight": torch.randn(24, 32, generator=drawn), "linear.bias": torch.randn(24, generator=drawn)}
        save_file(layer, folder / "2_Dense" / "model.safetensors")
    if normalises:
        modules.append(("3_Normalize", "Normalize"))
    listed = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(modules)
    ]
    _write(folder / "modules.json", listed)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 16, "do_lower_case": False})


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
