"""The step that generates the generator's answers."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from sg_assets.generation.generator_responses import answer_as_generator, generator_requests
from sg_assets.store.step import Workspace
from sg_assets_tests.generation.prompt_tables import folder, prompts
from sg_assets_tests.store.steps import new_store, published, workspace

FEW_SHOTS = pl.DataFrame({"example_id": ["e"], "text": ["scold them"], "answer": ["Sorry, no."]})
LEXICON = pl.DataFrame({"term": ["zorb"], "meaning": ["made-up"]})


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    store = new_store(tmp_path)
    given = (
        *prompts(store), published(store, "synthesized/few_shots", FEW_SHOTS),
        published(store, "synthesized/lexicon", LEXICON), folder(store, "models/generator"),
    )  # fmt: skip
    with workspace(store, "synthesized/safe_responses", *given) as opened:
        yield opened


def test_only_prompts_with_the_label_are_asked(work: Workspace) -> None:
    [chat] = generator_requests(work, "unsafe", "Be safe.").chats
    assert [message["content"] for message in chat][1:] == ["scold them", "Sorry, no.", "first"]


def test_every_answer_stands_beside_its_prompt(work: Workspace, tmp_path: Path) -> None:
    answer_as_generator(work, "unsafe", "Be safe.", tmp_path / "answers", log=lambda _: None, run_id="r")
    table = pl.read_parquet(work.table_file)
    assert table.columns == ["prompt_id", "response", "outcome", "finish"]
    assert table.select("prompt_id", "outcome").rows() == [("a", "ok")]
