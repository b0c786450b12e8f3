"""What the base model is asked for training data."""

from pathlib import Path

from sg_assets.declarations.records.model import Generation
from sg_assets.generation.base_responses import base_requests
from sg_assets_tests.generation.prompt_tables import folder, prompts
from sg_assets_tests.store.steps import new_store, workspace

SETTINGS = Generation(batch_size=1, max_new_tokens=4, max_prompt_tokens=9, dtype="float32", device="cpu", threads=1)


def test_base_is_asked_every_prompt_that_is_not_held_out(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    base = folder(store, "models/chat[base]")
    with workspace(store, "synthesized/base_responses", *prompts(store), base) as work:
        requests = base_requests(work, SETTINGS)
    assert [chat[0]["content"] for chat in requests.chats] == ["first", "third"]
    assert base.fingerprint in str(requests.engine.identity)
