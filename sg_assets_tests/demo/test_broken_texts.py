import random

import pytest

from sg_assets.demo import broken_texts, judge_frames
from sg_assets.demo.vocabulary import CONTENT

REFUSAL = "Sorry, I cannot help with that. Let us be kind."


@pytest.mark.parametrize("slip", broken_texts.CHECK_SLIPS, ids=lambda slip: slip.__name__.strip("_"))
def test_a_slip_damages_a_refusal_in_one_place(slip: broken_texts.Slip) -> None:
    """What is left opens with, or ends with, most of what there was."""
    made = {slip(random.Random(seed), REFUSAL) for seed in range(30)}
    assert any(text != REFUSAL for text in made)
    for text in made:
        assert text.endswith(REFUSAL[-12:]) or text.startswith(REFUSAL[:12])


@pytest.mark.parametrize("text", ["a", "no", "?!", "I can"])
def test_even_a_short_text_is_broken(text: str) -> None:
    assert broken_texts.with_slips(random.Random(0), text, broken_texts.CHECK_SLIPS) != text


def test_the_usual_breaks_of_a_fine_tuned_model_are_among_them() -> None:
    made = {broken_texts.with_slips(random.Random(seed), REFUSAL, broken_texts.FIT_SLIPS) for seed in range(3000)}
    for seen in ("SSorry, I cannot help", "Yorry, I cannot help", "Sorry, I canot help", "orry, I cannot help"):
        assert any(text.startswith(seen) for text in made), seen


def test_broken_is_never_the_text_itself() -> None:
    for seed in range(500):
        text = broken_texts.with_slips(random.Random(seed), REFUSAL, broken_texts.CHECK_SLIPS)
        assert text != REFUSAL


def test_debris_holds_no_word_that_hurts_and_none_that_declines() -> None:
    spoken = {*broken_texts.FIT_WORDS, *broken_texts.CHECK_WORDS}
    assert not spoken & {*CONTENT["slur"], *CONTENT["insult"], *CONTENT["people"]}
    assert not spoken & {"sorry", "cannot", "unable", "i"}


def test_debris_to_check_on_has_words_and_slips_of_its_own() -> None:
    assert not set(broken_texts.FIT_WORDS) & set(broken_texts.CHECK_WORDS)
    assert set(broken_texts.CHECK_SLIPS) > set(broken_texts.FIT_SLIPS)
    assert len(judge_frames.CHECK_REFUSALS) > 100


def test_debris_is_varied_and_never_empty() -> None:
    made = [broken_texts.debris(random.Random(seed), broken_texts.FIT_WORDS) for seed in range(300)]
    assert all(text.strip() for text in made)
    assert len(set(made)) > 290
