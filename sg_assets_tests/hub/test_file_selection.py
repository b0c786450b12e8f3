"""Which files of a repository are a model, for the shapes that repositories have."""

from typing import Any

import pytest

from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import FilesKind
from sg_assets.hub.file_selection import is_weights, select, select_tokenizer

CHAT = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")
BERT = ("config.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json")
SHARDS = tuple(f"model-{number:05}-of-00003.safetensors" for number in (1, 2, 3))
INDEX = "model.safetensors.index.json"
MINI_LM = (
    *BERT, "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json",
    "model.safetensors",
)  # fmt: skip
LION_GUARD = ("config.json", "models/lionguard-binary.onnx", "models/lionguard-toxic.onnx")


def chosen(*names: str, kind: FilesKind = "model", **declared: Any) -> set[str]:
    return set(select(names, ModelFiles(repo="sg/x", revision="main", **declared), kind))


def refused(*names: str, kind: FilesKind = "model", **declared: Any) -> str:
    with pytest.raises(SgAssetsError) as error:
        chosen(*names, kind=kind, **declared)
    assert str(error.value).startswith("sg/x@main: ")
    return str(error.value)


def test_a_chat_model_is_its_weights_config_tokenizer_and_template() -> None:
    besides = ("README.md", ".gitattributes", "original/consolidated.00.pth", "onnx/model.onnx", "onnx/config.json")
    assert chosen(*CHAT, "model.safetensors", *besides) == {*CHAT, "model.safetensors"}


def test_shards_are_taken_with_their_index() -> None:
    assert chosen(*CHAT, *SHARDS, INDEX) == {*CHAT, *SHARDS, INDEX}


def test_whole_weights_are_taken_in_place_of_shards() -> None:
    assert not set(SHARDS) & chosen(*CHAT, *SHARDS, INDEX, "model.safetensors")


@pytest.mark.parametrize("missing", [*SHARDS, INDEX])
def test_a_missing_part_is_named(missing: str) -> None:
    assert f"{missing} is missing" in refused(*({*CHAT, *SHARDS, INDEX} - {missing}))


def test_a_sentence_embedder_is_taken_with_its_modules() -> None:
    others = ("pytorch_model.bin", "tf_model.h5", "rust_model.ot", "onnx/model.onnx", "openvino/openvino_model.xml")
    assert chosen(*MINI_LM, *others, "train_script.py") == set(MINI_LM)


def test_weights_of_a_module_are_taken() -> None:
    dense = ("2_Dense/config.json", "2_Dense/model.safetensors")
    assert chosen(*MINI_LM, *dense) == {*MINI_LM, *dense}


def test_a_head_is_the_declared_file_of_several() -> None:
    names = chosen(*LION_GUARD, kind="head", weights=("models/lionguard-binary.onnx",))
    assert names == {"config.json", "models/lionguard-binary.onnx"}


def test_several_heads_need_a_declaration() -> None:
    error = refused(*LION_GUARD, kind="head")
    assert "several weights: models/lionguard-binary.onnx, models/lionguard-toxic.onnx" in error
    assert "weights: [models/lionguard-binary.onnx]" in error


def test_a_head_of_safetensors_needs_no_config() -> None:
    assert chosen("head.safetensors", kind="head") == {"head.safetensors"}


def test_external_data_of_a_head_come_with_it() -> None:
    data = ("head.onnx_data", "head.onnx.data", "head.onnx_data_1")
    assert chosen("head.onnx", *data, "other.onnx_data", kind="head") == {"head.onnx", *data}
    assert chosen("head.onnx", *data, kind="head", weights=("head.onn*",)) == {"head.onnx", *data}


def test_a_pattern_stays_in_its_folder() -> None:
    names = (*CHAT, "a.safetensors", "b/a.safetensors", "b/config.json")
    assert chosen(*names, weights=("*.safetensors",)) == {*CHAT, "a.safetensors"}


def test_one_of_several_weights_is_declared() -> None:
    names = (*CHAT, "model.fp16.safetensors", "model.fp32.safetensors")
    assert "Say which is meant: weights: [model.fp16.safetensors]" in refused(*names)
    assert chosen(*names, weights=("model.fp32.safetensors",)) == {*CHAT, "model.fp32.safetensors"}


def test_a_pattern_that_matches_nothing_names_the_nearest() -> None:
    error = refused(*LION_GUARD, kind="head", weights=("models/lionguard-binari.onnx",))
    assert "no file matches" in error
    assert "Did you mean 'models/lionguard-binary.onnx'?" in error


@pytest.mark.parametrize("name", ["../model.safetensors", "a/../b.safetensors", "/etc/x.safetensors",
                                  "a\\b.safetensors", "a//b.safetensors", ".hidden/m.safetensors", "a/.m.safetensors",
                                  "m.safetensors\n", "é.safetensors"])  # fmt: skip
def test_an_unsafe_name_is_never_taken(name: str) -> None:
    assert name not in chosen(*CHAT, "model.safetensors", name)
    parts = "/".join("*" for _ in name.split("/"))
    if name.count("/") < 2 and "//" not in name:
        assert "could lead out" in refused(*CHAT, "model.safetensors", name, weights=(parts,))


def test_declared_pickles_are_refused() -> None:
    assert "'pytorch_model.bin' is not safetensors" in refused(*CHAT, "pytorch_model.bin", weights=("*.bin",))


@pytest.mark.parametrize("kind", ["model", "adapter"])
def test_pickles_alone_name_both_ways_out(kind: FilesKind) -> None:
    names = ("config.json", "adapter_config.json", "pytorch_model.bin", "adapter_model.bin")
    error = refused(*names, kind=kind)
    assert "loading pickled weights can run any code" in error
    assert "or declare convert: pickle" in error


def test_weights_of_other_frameworks_cannot_be_converted() -> None:
    error = refused(*CHAT, "tf_model.h5", "flax_model.msgpack")
    assert "tf_model.h5" in error
    assert "convert" not in error


def test_pickles_are_taken_to_be_converted_where_it_is_declared() -> None:
    assert chosen(*CHAT, "pytorch_model.bin", convert="pickle") == {*CHAT, "pytorch_model.bin"}
    assert chosen("heads/a.pt", "heads/b.pt", kind="head", weights=("heads/a.pt",), convert="pickle") == {"heads/a.pt"}
    adapter = ("adapter_config.json", "adapter_model.bin")
    assert chosen(*adapter, kind="adapter", convert="pickle") == set(adapter)


def test_a_module_that_is_only_pickled_is_seen() -> None:
    dense = ("2_Dense/config.json", "2_Dense/pytorch_model.bin")
    assert "has no weights in safetensors. It has 2_Dense/pytorch_model.bin" in refused(*MINI_LM, *dense)
    assert chosen(*MINI_LM, *dense, convert="pickle") == {*MINI_LM, *dense}


def test_parts_of_pickles_are_taken_whole() -> None:
    parts = tuple(f"pytorch_model-{number:05}-of-00002.bin" for number in (1, 2))
    index = "pytorch_model.bin.index.json"
    assert chosen(*CHAT, *parts, index, convert="pickle") == {*CHAT, *parts, index}
    assert f"{parts[1]} is missing" in refused(*CHAT, parts[0], index, convert="pickle")


@pytest.mark.parametrize("names", [("model.safetensors", "pytorch_model.bin"), ("model.safetensors",), ()])
def test_a_conversion_without_pickles_is_refused(names: tuple[str, ...]) -> None:
    assert "convert: there is nothing to convert" in refused(*CHAT, *names, convert="pickle")


def test_a_conversion_of_other_weights_is_refused() -> None:
    names = (*CHAT, "model.safetensors", "old.bin")
    assert "Leave convert out" in refused(*names, weights=("model.safetensors",), convert="pickle")


def test_an_adapter_is_its_weights_and_config() -> None:
    names = ("adapter_config.json", "adapter_model.safetensors", "README.md", "optimizer.pt")
    assert chosen(*names, kind="adapter") == {"adapter_config.json", "adapter_model.safetensors"}


def test_an_adapter_is_no_model_and_a_model_no_adapter() -> None:
    assert "It is an adapter" in refused("adapter_config.json", "adapter_model.safetensors")
    assert "no adapter_config.json" in refused(*CHAT, "model.safetensors", kind="adapter")


def test_pickled_adapters_are_refused() -> None:
    assert "adapter_model.bin: loading pickled" in refused("adapter_config.json", "adapter_model.bin", kind="adapter")


def test_code_is_taken_only_where_it_is_trusted() -> None:
    names = (*CHAT, "model.safetensors", "modeling_x.py", "onnx/export.py")
    assert "modeling_x.py" not in chosen(*names)
    assert {name for name in chosen(*names, trust_remote_code=True) if name.endswith(".py")} == {"modeling_x.py"}


def test_a_tokenizer_from_elsewhere_takes_the_place_of_the_model_s_own() -> None:
    tokenizer = {"repo": "sg/bert", "revision": "main"}
    assert chosen(*BERT, "model.safetensors", tokenizer=tokenizer) == {"config.json", "model.safetensors"}
    assert set(select_tokenizer([*BERT, "model.safetensors", "README.md"], "sg/bert@main")) == set(BERT)


def test_a_repository_without_a_tokenizer_is_told() -> None:
    with pytest.raises(SgAssetsError, match=r"sg/bert@main: has no tokenizer.*vocab\.txt"):
        select_tokenizer(["config.json", "model.safetensors"], "sg/bert@main")


def test_small_files_are_told_from_weights() -> None:
    weights = {"model.safetensors", "a/head.onnx", "a/head.onnx_data", "pytorch_model.bin"}
    assert {name for name in (*CHAT, *weights, INDEX) if is_weights(name)} == weights
