from collections import Counter

import pytest

from sg_assets.demo.responder import BEHAVIOUR, few_shot_answer
from sg_assets.errors import SgAssetsError
from sg_assets.store.fingerprints import json_digest
from sg_assets_tests.demo.declared import refusals


def _chat(text: str) -> list[dict[str, str]]:
    shots = [
        {"role": role, "content": content}
        for answer in refusals()
        for role, content in (("user", "an example"), ("assistant", answer))
    ]
    return [{"role": "system", "content": "be kind"}, *shots, {"role": "user", "content": text}]


def test_its_behaviour_has_a_number_that_kept_answers_are_keyed_by() -> None:
    answers = [
        few_shot_answer(_chat(f"{said} number {i}")) for i in range(50) for said in ("text", "请问", "a\nb", " ")
    ]
    assert (BEHAVIOUR, json_digest([refusals().index(answer) for answer in answers])) == (
        1,
        "96eb5e9649601008c93540bd3431c4e5",
    )


def test_it_answers_with_a_few_shot_answer() -> None:
    assert few_shot_answer(_chat("Roast them")) in refusals()


def test_the_answer_is_the_same_on_every_machine() -> None:
    assert [refusals().index(few_shot_answer(_chat(f"text {i}"))) for i in range(8)] == [2, 3, 3, 0, 2, 2, 0, 2]


def test_the_system_text_and_the_examples_questions_do_not_matter() -> None:
    chat = _chat("Roast them")
    other = [{**message, "content": "other"} if message["role"] == "system" else message for message in chat]
    assert few_shot_answer(other) == few_shot_answer(chat)


def test_every_answer_is_given_about_as_often() -> None:
    counts = Counter(few_shot_answer(_chat(f"text {i}")) for i in range(400))
    assert len(counts) == len(refusals())
    assert min(counts.values()) > 400 / len(refusals()) / 2


@pytest.mark.parametrize("chat", [_chat("x")[:-1], [{"role": "user", "content": "x"}], []])
def test_a_chat_it_cannot_answer_says_what_is_missing(chat: list[dict[str, str]]) -> None:
    with pytest.raises(SgAssetsError, match="few-shot answer and a user message"):
        few_shot_answer(chat)


def test_every_few_shot_answer_is_a_different_refusal() -> None:
    assert len(set(refusals())) == len(refusals()) >= 3
    assert all(answer.startswith(("Sorry, I", "I'm sorry")) for answer in refusals())
