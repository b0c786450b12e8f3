"""The prompts that training answers are generated for."""

from pathlib import Path

from sg_assets.generation.prompts import prompts_to_answer
from sg_assets_tests.generation.prompt_tables import prompts
from sg_assets_tests.store.steps import new_store, workspace


def test_held_out_prompts_are_left_out_and_the_others_come_by_id(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with workspace(store, "synthesized/base_responses", *prompts(store)) as work:
        assert prompts_to_answer(work).rows() == [("a", "first", "unsafe"), ("c", "third", "safe")]
