"""Models put back as they were recorded."""

from sg_assets.declarations.kinds.models import CHAT_MODELS, JUDGE
from sg_assets.declarations.kinds.restoring import RecordedStep, with_profile
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.model import ChatModel
from sg_assets.declarations.records.model_files import FileSource, ModelFiles
from sg_assets.store.refs import Ref


def test_a_chat_model_of_the_hub_is_restored_at_the_recorded_revision(declared: Declarations) -> None:
    parameters = {"repo": "sg/tiny-chat", "revision": "v1", "trust_remote_code": False}
    restored = CHAT_MODELS.restored(declared, RecordedStep(Ref.parse("models/chat[base]"), parameters, {}))
    hub = restored.profile.chat_models["base"].hub
    assert hub is not None
    assert (hub.repo, hub.revision) == ("sg/tiny-chat", "v1")


def test_a_chat_model_of_a_folder_is_restored_where_it_lies_today(declared: Declarations) -> None:
    today = ModelFiles(path="mine", weights=("b.safetensors",), tokenizer=FileSource(path="bert"))
    with_folder = with_profile(declared, chat_models={"base": ChatModel(hub=today)})
    recorded = {"trust_remote_code": False, "weights": ["a.safetensors"], "tokenizer": {}, "files": [],
                "tokenizer_files": []}  # fmt: skip
    restored = CHAT_MODELS.restored(with_folder, RecordedStep(Ref.parse("models/chat[base]"), recorded, {}))
    assert restored.profile.chat_models["base"].hub == today.model_copy(update={"weights": ("a.safetensors",)})


def test_a_chat_model_trained_here_is_restored_without_a_hub(declared: Declarations) -> None:
    restored = CHAT_MODELS.restored(declared, RecordedStep(Ref.parse("models/chat[base]"), {"seed": 0}, {}))
    assert restored.profile.chat_models["base"].hub is None


def test_the_declared_chat_of_a_model_is_restored_with_its_template(declared: Declarations) -> None:
    parameters = {
        "repo": "sg/tiny-chat", "revision": "v1", "trust_remote_code": False,
        "chat": {"chat_template": "plain.jinja", "system": "Be kind."}, "chat_template": "{{ messages }}",
    }  # fmt: skip
    restored = CHAT_MODELS.restored(declared, RecordedStep(Ref.parse("models/chat[base]"), parameters, {}))
    chat = restored.profile.chat_models["base"].chat
    assert chat is not None
    assert (chat.system, restored.chat_templates) == ("Be kind.", {"plain.jinja": "{{ messages }}"})


def test_a_judge_is_restored_with_its_features_and_seed(declared: Declarations) -> None:
    recorded = RecordedStep(Ref.parse("judges/toxicity"), {"looks_at": "form", "seed": 5}, {})
    restored = JUDGE.restored(declared, recorded)
    assert (restored.judges["toxicity"].looks_at, restored.profile.seed) == ("form", 5)


def test_a_judge_is_declared_in_its_file(declared: Declarations) -> None:
    assert list(JUDGE.declared_in(declared, "judges/toxicity")) == ["models/judges/toxicity.yaml"]
