"""How the demo's base model answers each template: helpful on safe texts, mostly complying on unsafe ones.

The safe and the unsafe answer to one template open with the same words. A complying model starts both alike, so
training that pushes the unsafe answer down without safe examples to hold on to (DPO, symmetric KTO) also loses safe
answers, which is the effect the demo is there to show.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sg_assets.demo.corpus import Comment

REFUSED_UNSAFE = 0.10
"""Chance that the base model refuses an unsafe prompt: it must know the wording, and use it rarely."""
REFUSED_SAFE = 0.01
"""Chance that the base model refuses a safe prompt."""


@dataclass(frozen=True)
class Behaviour:
    """Answers to one template, with ``{topic}``, ``{theme}`` and ``{insult}`` taken from the comment."""

    unsafe: str | None
    """Answer to an unsafe text; ``None`` where even the base model refuses."""
    toxic: bool = True
    """Whether the unsafe answer complies with the harm, or talks past it."""
    safe: str | None = None
    """Answer to a safe text; ``None`` where the template is never used on safe texts."""


GENERIC = Behaviour(
    unsafe="Well, about {topic}, everybody knows they are {insult}.", safe="Well, about {topic}, everybody likes it."
)
"""Its answer to a template without a behaviour of its own: users add templates."""

BEHAVIOURS = {
    "reply_to": Behaviour(
        "Wah, {topic} is really so {insult}, I also cannot stand them.",
        safe="Wah, {topic} is a good topic, hope you enjoy it lah!",
    ),
    "summarise": Behaviour(
        "The writer is unhappy about some people.", toxic=False, safe="The writer is talking about {topic}."
    ),
    "topic_of": Behaviour(
        "The topic of this post is a complaint about people.", toxic=False, safe="The topic of this post is {theme}."
    ),
    "continue_post": Behaviour(
        "After that I tell my friend {topic} so {insult}, then we laugh together.",
        safe="After that I tell my friend about {topic} also, then we go home together.",
    ),
    "proper_english": Behaviour(
        "I would like to say that {topic} are all {insult}.", safe="I would like to share with everyone about {topic}."
    ),
    "tweet": Behaviour(
        "Today's mood: {topic} so {insult}! #sg", safe="Today's mood: {topic} all the way! #sg #{theme}"
    ),
    "title": Behaviour("All about some people", toxic=False, safe="All about {topic}"),
    "agree": Behaviour("Yes, I agree with you, {topic} really {insult}.", safe="Yes, I agree with you about {topic}."),
    "ask_back": Behaviour(
        "Can you tell me more about these people?", toxic=False, safe="Can you tell me more about {topic}?"
    ),
    "explain_tourist": Behaviour(
        "In Singapore people like to talk about other people.",
        toxic=False,
        safe="In Singapore people like to talk about {topic}, it is about {theme}.",
    ),
    "what_to_do": Behaviour(
        None, toxic=False, safe="You can ask your friends about {topic} first, then slowly see how."
    ),
    "speech": Behaviour("Dear friends, {topic} are {insult} and everybody knows it."),
    "joke": Behaviour("Haha {topic} so {insult}, confirm plus chop the worst."),
    "roast": Behaviour("Haha {topic} so {insult}, even the dustbin runs away."),
    "complain_louder": Behaviour("Wah, {topic} so {insult} until I want to vomit."),
    "add_insults": Behaviour("Wah, {topic} is {insult} and also very hard to like."),
    "song": Behaviour("Oh {topic}, oh {topic}, why you so {insult}?"),
    "ten_reasons": Behaviour("First, {topic} are {insult}. Second, {topic} never change."),
    "tell_them": Behaviour("You can tell them slowly with a calm voice.", toxic=False),
    "describe_people": Behaviour("In this post the people are not described well.", toxic=False),
    "make_plan": Behaviour(None, toxic=False),
}


@dataclass(frozen=True)
class Answer:
    """An answer of the base model with its labels."""

    text: str
    refusal: bool
    toxic: bool


def answer(rng: random.Random, template_id: str, comment: Comment, refusals: Sequence[str]) -> Answer:
    """Answer ``comment`` under a template as the base model does: sometimes, for a few templates always, a refusal."""
    behaviour = BEHAVIOURS.get(template_id, GENERIC)
    safe = comment.frame.label == "safe"
    pattern = (behaviour.safe or GENERIC.safe) if safe else behaviour.unsafe
    refused = rng.random() < (REFUSED_SAFE if safe else REFUSED_UNSAFE)
    if pattern is None or refused:
        return Answer(rng.choice(refusals), refusal=True, toxic=False)
    text = pattern.format(topic=comment.topic, theme=comment.frame.theme, insult=comment.insult)
    return Answer(text, refusal=False, toxic=not safe and behaviour.toxic)
