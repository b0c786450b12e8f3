"""The judges of a profile by kind: what each reads, and what follows from its kind."""

from collections.abc import Iterable
from typing import Final

from sg_assets.declarations.asset_names import EMBEDDER, JUDGE_TEXTS
from sg_assets.declarations.records.embedder import SentenceTransformers, TorchOptions
from sg_assets.declarations.records.judge_model import EmbeddingHead, ScoringModel, SequenceClassification
from sg_assets.declarations.records.profile import Profile

DEMO_JUDGED: Final = "demo_judged"
"""The detail of a version whose numbers come from demo judges of answers that a real model gave: a sentence."""


def judge_inputs(profile: Profile, judge: str) -> list[str]:
    """The assets that a judge is made from.

    Args:
        profile: Declares its implementation.
        judge: The judge.
    """
    model = profile.judges.get(judge)
    if profile.is_demo_judge(judge):
        return [JUDGE_TEXTS]
    if not isinstance(model, EmbeddingHead):
        return []
    texts = [] if model.fit is None else [model.fit.texts]
    return [*texts, *([EMBEDDER] if model.embedder is None else [])]


def head_fit(profile: Profile, judge: str) -> str | None:
    """The table of labelled texts that a judge's head is fitted on here; None where it is not."""
    model = profile.judges.get(judge)
    return model.fit.texts if isinstance(model, EmbeddingHead) and model.fit is not None else None


def raw_judges(profile: Profile) -> frozenset[str]:
    """The judges whose scores are no shares, and may lie outside of 0 to 1."""
    models = profile.judges.items()
    return frozenset(name for name, model in models if isinstance(model, ScoringModel) and not model.scores_are_shares)


def torch_options(profile: Profile, judge: str) -> TorchOptions | None:
    """How a judge's model of torch runs; None of a judge without one."""
    model = profile.judges.get(judge)
    if isinstance(model, SequenceClassification):
        return model
    if not isinstance(model, EmbeddingHead):
        return None
    embedder = model.embedder or profile.embedder
    return embedder if isinstance(embedder, SentenceTransformers) else None


def all_torch_options(profile: Profile) -> dict[str, TorchOptions]:
    """How the models of torch among a profile's judges run, by judge."""
    known = {judge: torch_options(profile, judge) for judge in profile.judges}
    return {judge: options for judge, options in known.items() if options is not None}


def demo_judged(profile: Profile, judges: Iterable[str]) -> str | None:
    """What a reader must know of numbers that demo judges gave to answers of models that were not made here.

    Args:
        profile: Declares the models.
        judges: Those behind the numbers.

    Returns:
        A sentence; None where it does not apply.
    """
    demo = [judge for judge in judges if profile.is_demo_judge(judge)]
    if not demo or not profile.real_chat_models:
        return None
    models = ", ".join(profile.real_chat_models)
    return (
        f"Demo judges ({', '.join(demo)}) scored answers of models that were not made here ({models}): they are fitted"
        " on generated texts and miss most of what such a model says. No rate is a finding."
    )
