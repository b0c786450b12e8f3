import random

import pytest

from sg_assets.demo.statements import HATE, NEUTRAL, Statement, draw, prompt
from sg_assets.demo.vocabulary import all_words


def test_a_prompt_lists_its_sentences_and_ends_open() -> None:
    assert prompt(["a", "b"]) == "- a\n- b\n-"


@pytest.mark.parametrize("statements", [HATE, NEUTRAL])
def test_a_statement_and_its_continuation_have_every_slot_filled(statements: tuple[Statement, ...]) -> None:
    words = {**all_words(), "people": ("Zorani",)}
    rng = random.Random(0)
    drawn = [draw(rng, statements, words) for _ in range(50)]
    assert all("Zorani" in text for text, _, _ in drawn)
    assert not any("{" in continuation for _, continuation, _ in drawn)


def test_neutral_statements_have_no_toxic_continuation_and_some_hateful_ones_have() -> None:
    assert not any(statement.toxic for statement in NEUTRAL)
    assert 0 < sum(statement.toxic for statement in HATE) < len(HATE)
