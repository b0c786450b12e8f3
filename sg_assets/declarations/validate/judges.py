"""Whether judges fit what they score, and their thresholds the model that scores in their place."""

from collections.abc import Mapping

from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.records.judge import JudgeDeclaration
from sg_assets.declarations.records.judge_model import LinearJudge, ScoringModel
from sg_assets.declarations.records.profile import Profile
from sg_assets.errors import SgAssetsError

_OF_BASE_ANSWERS = ("toxicity", "rejection")
"""The judges that score the base model's own answers, from which training rows are chosen."""
_OPT_IN = "demo_judges_score_real_models: true"


def check_judge(judge: JudgeDeclaration, profile: Profile, benchmarks: Mapping[str, Benchmark], where: str) -> None:
    """Refuse a judge that its profile uses for what it cannot do.

    Args:
        judge: The judge, with the thresholds of its own file.
        profile: Declares what scores in its place.
        benchmarks: Whose answers it scores.
        where: Its file.

    Raises:
        SgAssetsError: its thresholds are no shares, its filter raises no flag, or it is a demo judge of answers that a
            model gives which was not made here.
    """
    outside = {name: cut for name, cut in judge.thresholds.items() if not 0 <= cut <= 1}
    if outside:
        listed = ", ".join(f"{name}: {cut:g}" for name, cut in outside.items())
        why = "they are of the judge that is fitted here, whose scores lie between 0 and 1"
        remedy = f"Declare those of another model under judges.{judge.name} of a profile"
        raise SgAssetsError(f"thresholds outside of 0 to 1: {listed}", where=where, why=why, remedy=remedy)
    model, file = profile.judges.get(judge.name), f"models/profiles/{profile.name}.yaml"
    if isinstance(model, LinearJudge) and model.filter is not None:
        highest = max(judge.thresholds.values())
        if model.filter.score < highest:
            why = f"filter.score {model.filter.score:g} is below the threshold {highest:g}"
            raise SgAssetsError("the filter raises no flag", where=f"{file}, judges.{judge.name}", why=why)
    if profile.is_demo_judge(judge.name):
        _require_opt_in(judge.name, profile, benchmarks, file)


def _require_opt_in(judge: str, profile: Profile, benchmarks: Mapping[str, Benchmark], file: str) -> None:
    """Demo judges know the demo's language: of a real model's nine refusals ours saw none."""
    scored = [f"benchmark {name}" for name, benchmark in benchmarks.items() if judge in benchmark.all_judges]
    scored += ["the answers to train on"] if judge in _OF_BASE_ANSWERS else []
    if not scored or not profile.real_chat_models or profile.demo_judges_score_real_models:
        return
    models = ", ".join(profile.real_chat_models)
    raise SgAssetsError(
        f"the judge '{judge}' is fitted on the demo's generated texts, and would score answers of {models}",
        where=f"{file}, judges",
        why=f"it misses most of what such a model says: {', '.join(scored)} would be wrong without a word",
        remedy=f"Declare judges.{judge} (kind: sequence_classification or embedding_head), or {_OPT_IN}, which marks"
        " every number",
    )


def check_labelling_judge(profile: Profile) -> None:
    """Refuse a judge of toxicity that cannot label comments: they answer no prompt, and labels need shares.

    Raises:
        SgAssetsError: it sees prompts, or its scores are no shares.
    """
    model, where = profile.judges.get("toxicity"), f"models/profiles/{profile.name}.yaml, judges.toxicity"
    if not isinstance(model, ScoringModel):
        return
    if model.sees_prompt:
        why = "it labels comments, too, which answer no prompt"
        remedy = "Declare sees: [response], and a further judge that sees prompts"
        raise SgAssetsError("the judge 'toxicity' sees prompts", where=where, why=why, remedy=remedy)
    if not model.scores_are_shares:
        why = "comments are labelled by safe_at_most and unsafe_at_least, which lie between 0 and 1"
        remedy = "Declare a head with output: probability, or a fit with calibration: sigmoid"
        raise SgAssetsError("the judge 'toxicity' gives raw scores", where=where, why=why, remedy=remedy)
