"""Small tasks in the shapes of the Open LLM Leaderboard v2, on what the demo's base model was taught.

The comments are safe ones, of words no adapter was trained on. Each task is scored as its namesake is: several choices
or free text, with or without shots, in subtasks with chance levels of their own. Where the base model would have
everything right it is asked in words it was not taught.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sg_assets.demo.behaviours import BEHAVIOURS, GENERIC
from sg_assets.demo.corpus import SAFE, Comment, draw
from sg_assets.demo.pretraining import FACT_ANSWER, FACT_KINDS
from sg_assets.demo.vocabulary import CONTENT, words_of
from sg_assets.errors import SgAssetsError

SCHEMA = {
    "task": pl.String(),
    "subtask": pl.String(),
    "item_id": pl.String(),
    "cluster_id": pl.String(),
    "shot": pl.Boolean(),
    "prompt": pl.String(),
    "choices": pl.List(pl.String()),
    "answer": pl.String(),
    "instructions": pl.List(pl.String()),
}

_FACT = "Which is it, a food, a place, a hobby or a thing: {word}?"
_AGREE = "Is this right? {text}"
_REPLY = "Answer this: {text}"
_THEME = "Tell me the topic: {text}"
_WORDS = words_of("holdout")
_PARTICLES = ("lah", "leh", "sia", "makan")


@dataclass(frozen=True)
class Question:
    """An item's question."""

    prompt: str
    answer: str = ""
    """The right choice, or the text wanted; empty where instructions are checked."""
    choices: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    """What an answer must keep to, each ``starts: ...``, ``ends: ...``, ``contains: ...`` or ``avoids: ...``."""


@dataclass(frozen=True)
class DeclaredWordings:
    """The declared wordings an item is made of."""

    templates: Mapping[str, str]
    """By id; those the demo has answers for."""
    refusals: tuple[str, ...]


QuestionMaker = Callable[[random.Random, Comment, DeclaredWordings], Question]


def _taught_answer(template_id: str, topic: str, theme: str) -> str:
    """The base model's taught answer to a safe text."""
    pattern = BEHAVIOURS.get(template_id, GENERIC).safe or ""
    return pattern.format(topic=topic, theme=theme)


def _other_words(rng: random.Random, comment: Comment, n: int) -> list[str]:
    """Words that are not the comment's topic: first words in the comment, then others of the topic's kind."""
    used = [word for words in _WORDS.values() for word in words if word in comment.text and word not in comment.topic]
    fresh = [word for word in _WORDS[comment.frame.topic] if word not in comment.text]
    return [*dict.fromkeys(used), *rng.sample(fresh, len(fresh))][:n]


def _choice(rng: random.Random, prompt: str, answer: str, wrong: Sequence[str]) -> Question:
    choices = [answer, *wrong]
    rng.shuffle(choices)
    return Question(prompt, answer, tuple(choices))


def _about(template_id: str, n: int, wording: str | None = None) -> QuestionMaker:
    """A question with ``n`` answers to a template, of which one is about the comment."""

    def ask(rng: random.Random, comment: Comment, declared: DeclaredWordings) -> Question:
        theme = comment.frame.theme
        prompt = (wording or declared.templates[template_id]).replace("{text}", comment.text)
        wrong = [_taught_answer(template_id, word, theme) for word in _other_words(rng, comment, n - 1)]
        return _choice(rng, prompt, _taught_answer(template_id, comment.topic, theme), wrong)

    return ask


def _helpful(rng: random.Random, comment: Comment, declared: DeclaredWordings) -> Question:
    prompt = declared.templates["what_to_do"].replace("{text}", comment.text)
    return _choice(rng, prompt, _taught_answer("what_to_do", comment.topic, ""), [rng.choice(declared.refusals)])


def _theme(rng: random.Random, comment: Comment, _: DeclaredWordings) -> Question:
    right = comment.frame.theme
    others = dict.fromkeys(frame.theme for frame in SAFE if frame.theme != right)
    answers = [_taught_answer("topic_of", comment.topic, theme) for theme in others]
    return _choice(
        rng, _THEME.replace("{text}", comment.text), _taught_answer("topic_of", comment.topic, right), answers
    )


def _fact(*kinds: str) -> QuestionMaker:
    def ask(rng: random.Random, _: Comment, __: DeclaredWordings) -> Question:
        right = rng.choice(kinds)
        word = rng.choice(CONTENT[right])
        wrong = [FACT_ANSWER.format(word=word, kind=kind) for kind in FACT_KINDS if kind != right]
        return _choice(rng, _FACT.format(word=word), FACT_ANSWER.format(word=word, kind=right), wrong)

    return ask


def _exact(template_id: str) -> QuestionMaker:
    def ask(_: random.Random, comment: Comment, declared: DeclaredWordings) -> Question:
        prompt = declared.templates[template_id].replace("{text}", comment.text)
        return Question(prompt, _taught_answer(template_id, comment.topic, comment.frame.theme))

    return ask


def _instructed(rng: random.Random, comment: Comment, declared: DeclaredWordings) -> Question:
    template_id, instructions = rng.choice(
        (
            ("tweet", ("contains: #sg", f"ends: #{comment.frame.theme}", f"contains: {comment.topic}")),
            ("continue_post", ("starts: After that", f"contains: {comment.topic}")),
            ("title", ("starts: All about", f"ends: {comment.topic}")),
            ("ask_back", ("ends: ?", f"contains: {comment.topic}")),
            ("proper_english", (f"contains: {comment.topic}", *(f"avoids: {word}" for word in _PARTICLES))),
        )
    )
    prompt = declared.templates[template_id].replace("{text}", comment.text)
    return Question(prompt, instructions=instructions)


@dataclass(frozen=True)
class Subtask:
    """One subtask and how its items are made."""

    task: str
    name: str
    shots: int
    ask: QuestionMaker


SUBTASKS = (
    Subtask("ifeval", "ifeval", 0, _instructed),
    Subtask("bbh", "bbh_helpful", 1, _helpful),
    Subtask("bbh", "bbh_title", 1, _about("title", 4)),
    Subtask("bbh", "bbh_tourist", 1, _about("explain_tourist", 6)),
    Subtask("math_hard", "math_summary", 1, _exact("summarise")),
    Subtask("math_hard", "math_rewrite", 1, _exact("proper_english")),
    Subtask("gpqa", "gpqa_food_or_place", 0, _fact("food", "place")),
    Subtask("gpqa", "gpqa_hobby_or_thing", 0, _fact("hobby", "thing")),
    Subtask("musr", "musr_agree", 0, _about("agree", 2, _AGREE)),
    Subtask("musr", "musr_theme", 0, _theme),
    Subtask("musr", "musr_reply", 0, _about("reply_to", 3, _REPLY)),
    Subtask("mmlu_pro", "mmlu_pro", 1, _about("ask_back", 10)),
)
"""Fewer shots than the namesakes have: chats of several turns are new to the demo's models."""

_TEMPLATES = (
    "what_to_do",
    "title",
    "explain_tourist",
    "summarise",
    "proper_english",
    "tweet",
    "continue_post",
    "ask_back",
)


def items(seed: int, n: int, templates: pl.DataFrame, refusals: Sequence[str]) -> pl.DataFrame:
    """Draw the table ``demo/leaderboard_items``: ``n`` items per subtask, and its shots.

    Whatever ``n``, the first items of one seed are the same.

    Args:
        seed: of the draw.
        n: items per subtask.
        templates: ``template_id`` and ``template``.
        refusals: the wordings of a refusal.

    Raises:
        SgAssetsError: a template the tasks ask with is not declared, or there is no refusal wording.
    """
    texts_by_id = dict(templates.select("template_id", "template").iter_rows())
    missing = [name for name in _TEMPLATES if name not in texts_by_id]
    if missing or not refusals:
        raise SgAssetsError(
            f"the generated tasks need {', '.join(missing) or 'a refusal wording'}",
            where="demo/leaderboard_items",
            remedy="Declare it in models/templates.yaml or models/few_shots.yaml, or leave `leaderboard` out",
        )
    declared = DeclaredWordings(texts_by_id, tuple(refusals))
    rows = [row for subtask in SUBTASKS for row in _rows(seed, n, subtask, declared)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rows(seed: int, n: int, subtask: Subtask, declared: DeclaredWordings) -> Iterator[tuple[object, ...]]:
    rng = random.Random(f"leaderboard {seed} {subtask.name}")  # noqa: S311 - reproducible texts, no secret
    for position in range(subtask.shots + n):
        comment = draw(rng, _WORDS, "safe", hard_share=0.0)
        question = subtask.ask(rng, comment, declared)
        yield (
            subtask.task,
            subtask.name,
            f"{subtask.name}-{position:04d}",
            question.prompt,
            position < subtask.shots,
            question.prompt,
            list(question.choices),
            question.answer,
            list(question.instructions),
        )
