"""The fixed chats, in tokens."""

from pathlib import Path

import pytest

from sg_assets.adapters.probe_chats import CHATS, ProbeItem, measured_tokens, probe_items


def test_the_chats_differ_and_both_kinds_are_there() -> None:
    assert len({prompt for prompt, _ in CHATS}) == len(CHATS) >= 6


def test_the_tokens_of_answers_are_measured() -> None:
    assert measured_tokens([ProbeItem(prompt=(1, 2, 3), answer=(4,)), ProbeItem(prompt=(1,), answer=(5, 6))]) == 3


@pytest.mark.slow
def test_a_chat_is_written_by_the_template_and_answers_are_bounded(micro_model: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(micro_model)
    items = probe_items(tokenizer)
    opened = tokenizer.apply_chat_template(
        [{"role": "user", "content": CHATS[0][0]}], add_generation_prompt=True, return_dict=True
    )
    assert list(items[0].prompt) == opened["input_ids"]
    assert all(0 < len(item.answer) <= 24 for item in items)
    assert CHATS[0][1].startswith(tokenizer.decode(items[0].answer))
