"""Adapters that were trained elsewhere become adapters like our own."""

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.errors import SgAssetsError
from sg_assets.generation.benchmark_responses import answer_items
from sg_assets.hub.file_list import ModelFileList, PinnedFile
from sg_assets.statistics.score_items_step import score_items
from sg_assets.store.fingerprints import folder_fingerprint
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets.training.import_step import import_adapter
from sg_assets_tests.generation.test_base_responses import SETTINGS
from sg_assets_tests.store.steps import new_store, published, recipe, step, workspace
from sg_assets_tests.training.adapters import rewrite_config, write_trained

COMMIT = "c" * 40


@pytest.fixture(scope="module")
def store(micro_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Has a chat model."""
    made = new_store(tmp_path_factory.mktemp("store"))
    step(made, "models/chat[base]", lambda work: copied(micro_model, work), made_by=recipe(key=()))
    return made


@pytest.fixture(scope="module")
def chat(store: Store) -> Manifest:
    return store.required_head(Ref.parse("models/chat[base]"))


def copied(model: Path, work: Workspace) -> None:
    shutil.copytree(model, work.result_folder)


@pytest.fixture(scope="module")
def trained(micro_model: Path, chat: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter as a training here writes it."""
    label = f"models/chat[base]@{chat.fingerprint}"
    return write_trained(tmp_path_factory.mktemp("trained") / "adapter", micro_model, label)


@pytest.fixture
def adapter(trained: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    shutil.copytree(trained, tmp_path / "adapter")
    return tmp_path / "adapter"


def imported(store: Store, chat: Manifest, adapter: Path, **source: Any) -> tuple[str, dict[str, Any]]:
    """The fingerprint of what is imported, and its details."""
    with workspace(store, "adapters/imported[ours]", chat) as work:
        import_adapter(work, AdapterSource(path=str(adapter), **source), adapter)
        return folder_fingerprint(work.result_folder)[0], work.details


def refused(store: Store, chat: Manifest, adapter: Path, **source: Any) -> str:
    with workspace(store, "adapters/imported[ours]", chat) as work:
        with pytest.raises(SgAssetsError) as error:
            import_adapter(work, AdapterSource(path=str(adapter), **source), adapter)
        assert not work.result_folder.exists()
    return str(error.value)


def test_a_copy_of_our_own_adapter_has_its_content(store: Store, chat: Manifest, trained: Path) -> None:
    fingerprint, details = imported(store, chat, trained)
    assert fingerprint == folder_fingerprint(trained)[0]
    assert (details["rank"], details["alpha"], details["target_modules"]) == (4, 4, ["q_proj", "v_proj"])
    assert details["notes"] == []


def test_how_another_tool_writes_the_same_matrices_moves_no_byte(store: Store, chat: Manifest, adapter: Path) -> None:
    wanted = folder_fingerprint(adapter)[0]
    config = json.loads((adapter / "adapter_config.json").read_text())
    few = ("peft_type", "task_type", "r", "lora_alpha", "base_model_name_or_path")
    sparse = {name: config[name] for name in few} | {"target_modules": ["v_proj", "q_proj"], "lora_dropout": 0.1}
    (adapter / "adapter_config.json").write_text(json.dumps(sparse))
    (adapter / "README.md").write_text("# Mine")
    fingerprint, details = imported(store, chat, adapter)
    assert (fingerprint, details["trained_with_dropout"]) == (wanted, 0.1)


def test_matrices_of_another_rank_are_refused_with_their_shapes(store: Store, chat: Manifest, adapter: Path) -> None:
    rewrite_config(adapter, r=8)
    message = refused(store, chat, adapter)
    assert "does not fit the base model" in message
    assert "lora_A.weight is (4, " in message


def test_modules_that_the_base_lacks_are_refused(store: Store, chat: Manifest, adapter: Path) -> None:
    rewrite_config(adapter, target_modules=["c_attn"])
    assert "c_attn" in refused(store, chat, adapter)


def test_modules_that_only_the_config_names_are_refused(store: Store, chat: Manifest, adapter: Path) -> None:
    rewrite_config(adapter, target_modules=["q_proj", "k_proj", "v_proj"])
    assert "It lacks base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight" in refused(store, chat, adapter)


def test_modules_that_only_the_weights_have_are_refused(store: Store, chat: Manifest, adapter: Path) -> None:
    rewrite_config(adapter, target_modules=["q_proj"])
    message = refused(store, chat, adapter)
    assert "Its config and the base model give no base_model.model.model.layers.0.self_attn.v_proj" in message


def test_another_base_of_ours_is_refused(store: Store, chat: Manifest, adapter: Path) -> None:
    rewrite_config(adapter, base_model_name_or_path=f"models/chat[other]@{'0' * 32}")
    message = refused(store, chat, adapter)
    assert f"was trained on 'models/chat[other]@{'0' * 32}'" in message
    assert "Name that chat model as parent" in message


@pytest.mark.parametrize(
    ("named", "note"),
    [
        (None, "names no base model"),
        ("/home/someone/llama", "a folder of the machine it was trained on"),
        ("o/model", "names o/model, which cannot be compared"),
    ],
)
def test_a_base_that_cannot_be_compared_is_noted(
    store: Store, chat: Manifest, adapter: Path, named: str | None, note: str
) -> None:
    rewrite_config(adapter, base_model_name_or_path=named)
    [noted] = imported(store, chat, adapter)[1]["notes"]
    assert note in noted
    assert "someone" not in noted


def test_another_name_of_the_same_model_is_declared(store: Store, chat: Manifest, adapter: Path) -> None:
    rewrite_config(adapter, base_model_name_or_path="unsloth/copy")
    assert imported(store, chat, adapter, trained_on="unsloth/copy")[1]["notes"]
    assert "Its config names 'unsloth/copy'" in refused(store, chat, adapter, trained_on="unsloth/other")


def test_another_chat_template_is_noted(store: Store, chat: Manifest, adapter: Path) -> None:
    (adapter / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    [noted] = imported(store, chat, adapter)[1]["notes"]
    assert "another chat template" in noted


@pytest.fixture(scope="module")
def of_hub(micro_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Manifest]:
    """A chat model of the hub, whose files the monkeypatched cache gives."""
    made = new_store(tmp_path_factory.mktemp("hub-store"))
    files = (PinnedFile(name="config.json", size=1, git_blob="0"),)
    listed = ModelFileList(repo="sg/tiny", revision="main", commit=COMMIT, trust_remote_code=False, files=files)

    def write(work: Workspace) -> None:
        work.result_folder.mkdir()
        listed.write(work.result_folder)

    return made, step(made, "models/chat[base]", write, made_by=recipe(key=())).manifest


@pytest.mark.parametrize(
    ("named", "revision", "says"),
    [
        ("sg/tiny", None, None),
        ("sg/tiny", COMMIT, None),
        ("sg/tiny", "main", None),
        ("sg/tiny", "d" * 40, f"was trained on 'sg/tiny@{'d' * 40}'"),
        ("meta/other", None, "was trained on 'meta/other'"),
    ],
)
def test_the_base_of_the_hub_is_compared_by_name_and_commit(
    of_hub: tuple[Store, Manifest],
    adapter: Path,
    micro_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    revision: str | None,
    says: str | None,
) -> None:
    monkeypatch.setattr("sg_assets.hub.fetch.fetch", lambda *_, **__: micro_model)
    rewrite_config(adapter, base_model_name_or_path=named, revision=revision)
    store, chat = of_hub
    if says is None:
        assert imported(store, chat, adapter)[1]["notes"] == []
    else:
        assert says in refused(store, chat, adapter)


PROMPTS = pl.DataFrame({"prompt_id": [f"p{n}" for n in range(4)], "prompt": ["laksa", "kopi lah", "satay", "mee siam"]})
ITEMS = "SELECT prompt_id AS item_id, prompt_id AS cluster_id, prompt FROM templated.prompts"
SCORE = """
SELECT 'letters' AS metric, 'all' AS slice, item_id, cluster_id, length(response)::DOUBLE AS value FROM responses.b
WHERE outcome = 'ok'  -- an untrained model's answer may end within a character
"""


def scored(root: Path, model: Path, adapter: Path, *, imported: bool) -> tuple[Manifest, Manifest, Manifest]:
    """An adapter that was trained here or is imported, its answers (none of them stored) and their scores."""
    store = new_store(root)
    plain = recipe(key=())
    step(store, "models/chat[base]", lambda work: copied(model, work), made_by=plain)
    source, name = AdapterSource(path=str(adapter)), "adapters/imported[v]" if imported else "adapters/sft[v]"

    def made(work: Workspace) -> None:
        if imported:
            import_adapter(work, source, root)
        else:
            copied(adapter, work)

    own = step(store, name, made, ["models/chat[base]"], made_by=plain).manifest
    published(store, "templated/prompts", PROMPTS)

    def answered(work: Workspace) -> None:
        answer_items(
            work,
            ITEMS,
            SETTINGS.model_copy(update={"max_prompt_tokens": 200}),
            root / "answers",
            log=lambda _: None,
            run_id="r",
        )

    inputs = ["templated/prompts", "models/chat[base]", name]
    answers = step(store, "responses/b[v]", answered, inputs, made_by=recipe(key=("item_id",))).manifest
    with workspace(store, "scores/b[v] scores/b_items[v]", answers) as work:
        score_items(work, SCORE, ("metric", "slice", "item_id"), "scores/b_items")
        scores = published(store, "scores/b[v]", pl.read_parquet(work.table_file))
    return own, answers, scores


@pytest.mark.slow
def test_answers_and_scores_of_an_imported_copy_have_the_content_of_our_own(
    micro_model: Path, trained: Path, tmp_path: Path
) -> None:
    own = scored(tmp_path / "own", micro_model, trained, imported=False)
    copy = scored(tmp_path / "copy", micro_model, trained, imported=True)
    assert [version.fingerprint for version in copy] == [version.fingerprint for version in own]
