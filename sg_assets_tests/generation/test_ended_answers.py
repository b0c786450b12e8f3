"""From tokens to answers."""

from hypothesis import given
from hypothesis import strategies as st

from sg_assets.generation.ended_answers import answer_of
from sg_assets.generation.protocol import Answer
from sg_assets_tests.generation.tokenizers import OTHER_STOP, STOP, byte_tokenizer

STOPS = (STOP, OTHER_STOP)


def answered(written: list[int]) -> Answer:
    return answer_of(byte_tokenizer(), STOPS, 7, written)


def test_an_answer_ends_at_the_first_stop_of_any_kind() -> None:
    for stop in STOPS:
        assert answered([*b"Wah", stop, *b"zz", STOP]) == Answer("ok", "Wah", 7, 3, "stop")
    assert answered([*b"Wah"]) == Answer("ok", "Wah", 7, 3, "length")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufffd"), min_size=1), st.integers(0, 3), st.booleans())
def test_an_answer_that_ends_within_a_character_is_none(text: str, cut: int, stopped: bool) -> None:
    whole = list(text.encode())
    kept = whole[: max(len(whole) - cut, 0)]
    answer = answered([*kept, *([STOP] if stopped else [])])
    is_whole = bytes(kept).decode(errors="ignore").encode() == bytes(kept)
    assert (answer.outcome, answer.finish) == (
        ("ok", "stop" if stopped else "length") if is_whole else ("invalid", "half_character")
    )
    assert (answer.response is None) == (not is_whole)
