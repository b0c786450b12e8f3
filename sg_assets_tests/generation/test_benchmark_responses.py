"""What a variant is asked of a benchmark."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.generation.benchmark_responses import item_requests
from sg_assets_tests.generation.prompt_tables import folder, prompts
from sg_assets_tests.generation.test_base_responses import SETTINGS
from sg_assets_tests.store.steps import new_store, workspace


def test_items_are_asked_in_the_order_of_their_ids_by_the_variant_s_adapter(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    adapter = folder(store, "adapters/sft[sft]", "{ }")
    given = (*prompts(store), folder(store, "models/chat[base]"), adapter)
    with workspace(store, "responses/b[sft]", *given) as work:
        requests = item_requests(work, "SELECT prompt_id AS item_id, prompt FROM templated.prompts", SETTINGS)
    assert [chat[0]["content"] for chat in requests.chats] == ["first", "second", "third"]
    assert adapter.fingerprint in str(requests.engine.identity)


def test_a_query_that_duckdb_refuses_is_an_error_of_the_step(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with (
        workspace(store, "responses/b[base]", *prompts(store)) as work,
        pytest.raises(SgAssetsError, match=r"responses/b\[base\]: the SQL failed"),
    ):
        item_requests(work, "SELECT nothing FROM templated.prompts", SETTINGS)
