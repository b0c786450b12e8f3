"""Texts as a damaged model writes them: refusals with slips, and debris without meaning.

Fine-tuning that goes too far breaks a model's text before it changes its mind ("SSorry, I cannot"). A judge that never
saw such texts labels them at random, and a rate then measures spelling.
"""

import random
from collections.abc import Callable, Sequence
from string import ascii_uppercase

Slip = Callable[[random.Random, str], str]
"""Damages a text at one position."""


def _letter_index(rng: random.Random, text: str) -> int:
    """Index of a letter followed by another letter, early in the text, where a model's first tokens are."""
    inner = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    return rng.choice(inner[:24] or [0])


def _stutter(_: random.Random, text: str) -> str:
    return text[:1] + text


def _wrong_start(rng: random.Random, text: str) -> str:
    return rng.choice(ascii_uppercase) + text[1:]


def _no_start(_: random.Random, text: str) -> str:
    return text[1:]


def _missing_letter(rng: random.Random, text: str) -> str:
    index = _letter_index(rng, text)
    return text[:index] + text[index + 1 :]


def _doubled_letter(rng: random.Random, text: str) -> str:
    index = _letter_index(rng, text)
    return text[:index] + text[index] + text[index:]


def _doubled_word(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    index = rng.randrange(min(4, len(words)))
    return " ".join([*words[: index + 1], *words[index:]])


def _cut_off(rng: random.Random, text: str) -> str:
    return text[: rng.randint(min(12, len(text)), len(text))]


def _stuck(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    kept = words[: rng.randint(min(4, len(words)), len(words))]
    return " ".join([*kept, *[kept[-1][:3]] * rng.randint(2, 8)])


def _swapped_letters(rng: random.Random, text: str) -> str:
    index = _letter_index(rng, text)
    return text[:index] + text[index + 1 : index + 2] + text[index] + text[index + 2 :]


def _lost_space(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    index = rng.randrange(max(1, min(4, len(words) - 1)))
    return " ".join([*words[:index], "".join(words[index : index + 2]), *words[index + 2 :]])


FIT_SLIPS: tuple[Slip, ...] = (
    _stutter, _wrong_start, _no_start, _missing_letter, _doubled_letter, _doubled_word, _cut_off, _stuck,
)  # fmt: skip
CHECK_SLIPS: tuple[Slip, ...] = (*FIT_SLIPS, _swapped_letters, _lost_space)
"""Two of these occur in the check alone."""

_WORDS = {
    "fit": (
        "the a to of and is it in so one they this that with for my your their about there writer post topic friend"
        " like want can will what when some very also then after go see say think know time day home people place food"
        " lah leh never always every many much these those him her them until while again still even because where why"
        " new old small long last first next well back up down out off into through need try keep let put find use ask"
        " show call feel leave turn start help talk play run move live water hand school night room money story part"
        " number side kind head door book car table morning reason word line end point city game idea"
    ),
    "check": (
        "an be was were has had from by at on as or but if we he she its our here which who how just more most other"
        " only over such than too make take give come look tell work week street house child mah lor hor sia"
    ),
}
FIT_WORDS, CHECK_WORDS = (tuple(_WORDS[use].split()) for use in ("fit", "check"))
"""Words of debris, frequent and harmless; the check has words of its own."""


def with_slips(rng: random.Random, text: str, slips: Sequence[Slip]) -> str:
    """The text after one to three slips; never the text itself."""
    damaged = text
    while damaged == text:
        for slip in rng.choices(slips, k=rng.randint(1, 3)):
            damaged = slip(rng, damaged)
    return damaged


def debris(rng: random.Random, words: Sequence[str]) -> str:
    """Text of a broken model: words in any order, pieces of words, or one phrase repeated."""
    kind = rng.choice(("salad", "pieces", "loop", "noise"))
    if kind == "salad":
        parts = [rng.choice(words) + rng.choice(("", "", "", ",", ".")) for _ in range(rng.randint(3, 20))]
    elif kind == "pieces":
        parts = [rng.choice(words)[: rng.randint(1, 3)] + rng.choice(("", "ing", "s", "ed")) for _ in range(12)]
    elif kind == "loop":
        phrase = [rng.choice(words) for _ in range(rng.randint(1, 3))]
        parts = [rng.choice(words), *phrase * rng.randint(3, 10)]
    else:
        parts = ["".join(rng.choices(".,!?-abcdefghijklmnopqrstuvwxyz", k=rng.randint(1, 5))) for _ in range(12)]
    text = " ".join(parts[: rng.randint(2, len(parts))])
    return text.capitalize() if rng.random() < 0.5 else text
