from itertools import combinations

import pytest

from sg_assets.demo.vocabulary import CONTENT, PARTS, SHARES, all_words, words_of
from sg_assets_tests.demo.declared import declared


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_parts_share_no_content_word(kind: str) -> None:
    for part, other in combinations(PARTS, 2):
        assert not set(words_of(part)[kind]) & set(words_of(other)[kind])


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_parts_together_hold_every_word_once(kind: str) -> None:
    words = [word for part in PARTS for word in words_of(part)[kind]]
    assert sorted(words) == sorted(CONTENT[kind])
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_parts_have_their_share_within_one_word(kind: str) -> None:
    for part, share in zip(PARTS, SHARES, strict=True):
        assert len(words_of(part)[kind]) == pytest.approx(share * len(CONTENT[kind]), abs=1)


def test_no_word_is_of_two_kinds() -> None:
    words = [word for kind in all_words().values() for word in kind]
    assert len(set(words)) == len(words)


def test_the_lexicon_names_slurs_of_the_demo() -> None:
    assert {entry["term"] for entry in declared("lexicon")} <= set(CONTENT["slur"])
