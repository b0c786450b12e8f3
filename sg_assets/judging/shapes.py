"""The form of a text, apart from its wording: shapes of words, repetitions, and the ending."""

import re

_LETTERS = ((re.compile(r"[A-Z]"), "A"), (re.compile(r"[a-z]"), "a"), (re.compile(r"[0-9]"), "9"))
_RUN = re.compile(r"(.)\1+")
_MARKS = ".,!?;:"


def shapes(text: str) -> str:
    """The text's words as shapes, with marks for slips that a fluent writer seldom makes, separated by spaces.

    ``SSorry, I cannot`` becomes ``^A+a+, STUTTER A a+ END-w``: letters become ``A`` and ``a``, a run of one sign gets a
    ``+``; ``AGAIN`` and ``BACK`` say that a word repeats the last word or the last but one, ``GROWN`` that it extends
    the word before, ``STUTTER`` that it starts with the same letter twice, ``END-`` is followed by the last
    character's kind.
    """
    words = text.split()
    bare = [word.strip(_MARKS).lower() for word in words]
    marks = [mark for position in range(len(words)) for mark in _marks_at(words[position], bare, position)]
    end = text.rstrip()[-1:]
    return " ".join([*marks, f"END-{'w' if end.isalnum() else end}"])


def _marks_at(word: str, bare: list[str], place: int) -> list[str]:
    shape = word
    for letters, sign in _LETTERS:
        shape = letters.sub(sign, shape)
    marks = [("^" if place == 0 else "") + _RUN.sub(r"\1+", shape)]
    before = bare[place - 1] if place else ""
    if before and bare[place] == before:
        marks.append("AGAIN")
    elif before and bare[place].startswith(before):
        marks.append("GROWN")
    if place > 1 and bare[place] and bare[place] == bare[place - 2]:
        marks.append("BACK")
    if len(bare[place]) > 1 and bare[place][0] == bare[place][1]:
        marks.append("STUTTER")
    return marks
