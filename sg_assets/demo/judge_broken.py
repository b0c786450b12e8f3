"""Texts as a damaged model writes them: refusals with slips of the pen, and debris that says nothing.

Fine-tuning that goes too far breaks a model's text before it changes its mind ("SSorry, I cannot"). A judge that never
met such texts calls them what it likes, and a rate then tells of spelling.
"""

import random
from collections.abc import Callable, Sequence
from string import ascii_uppercase

Slip = Callable[[random.Random, str], str]
"""Damages a text in one place."""


def _place(rng: random.Random, text: str) -> int:
    """The place of a letter that has another one after it, early in the text, where a model's first tokens are."""
    inner = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    return rng.choice(inner[:24] or [0])


def _stutter(_: random.Random, text: str) -> str:
    return text[:1] + text


def _wrong_start(rng: random.Random, text: str) -> str:
    return rng.choice(ascii_uppercase) + text[1:]


def _no_start(_: random.Random, text: str) -> str:
    return text[1:]


def _missing_letter(rng: random.Random, text: str) -> str:
    place = _place(rng, text)
    return text[:place] + text[place + 1 :]


def _doubled_letter(rng: random.Random, text: str) -> str:
    place = _place(rng, text)
    return text[:place] + text[place] + text[place:]


def _doubled_word(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    place = rng.randrange(min(4, len(words)))
    return " ".join([*words[: place + 1], *words[place:]])


def _cut_off(rng: random.Random, text: str) -> str:
    return text[: rng.randint(min(12, len(text)), len(text))]


def _stuck(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    kept = words[: rng.randint(min(4, len(words)), len(words))]
    return " ".join([*kept, *[kept[-1][:3]] * rng.randint(2, 8)])


def _swapped_letters(rng: random.Random, text: str) -> str:
    place = _place(rng, text)
    return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]


def _lost_space(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    place = rng.randrange(max(1, min(4, len(words) - 1)))
    return " ".join([*words[:place], "".join(words[place : place + 2]), *words[place + 2 :]])


FIT_SLIPS: tuple[Slip, ...] = (
    _stutter, _wrong_start, _no_start, _missing_letter, _doubled_letter, _doubled_word, _cut_off, _stuck,
)  # fmt: skip
CHECK_SLIPS: tuple[Slip, ...] = (*FIT_SLIPS, _swapped_letters, _lost_space)
"""Two of them are met in the check alone."""

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
"""Words of debris, frequent ones that hurt nobody; the check's are its own."""


def broken(rng: random.Random, text: str, slips: Sequence[Slip]) -> str:
    """The text after one to three slips; never the text itself."""
    found = text
    while found == text:
        for slip in rng.choices(slips, k=rng.randint(1, 3)):
            found = slip(rng, found)
    return found


def debris(rng: random.Random, words: Sequence[str]) -> str:
    """What a model without a clue writes: words in any order, pieces of words, or one thing over and over."""
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
