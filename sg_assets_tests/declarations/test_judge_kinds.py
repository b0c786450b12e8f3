"""The judges of a profile by kind."""

from sg_assets.declarations.judge_kinds import demo_judged, head_fit, judge_inputs, raw_judges, torch_options
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.judge_model import EmbeddingHead, SequenceClassification
from sg_assets.declarations.records.profile import Profile
from sg_assets_tests.declarations.records.test_judge_model import CLASSIFIER, ENCODER, FIT, HEAD, WITH_HEAD
from sg_assets_tests.declarations.validate.test_judges import with_real_base


def profile_of(declared: Declarations) -> Profile:
    judges = {
        "classified": SequenceClassification.model_validate(CLASSIFIER),
        "raw": EmbeddingHead.model_validate(WITH_HEAD | {"head": HEAD | {"output": "raw"}}),
        "fitted": EmbeddingHead.model_validate(WITH_HEAD | {"head": None, "fit": FIT}),
        "over_ours": EmbeddingHead.model_validate(WITH_HEAD | {"head": None, "fit": FIT, "embedder": None}),
    }
    return declared.profile.model_copy(update={"judges": judges})


def test_each_kind_reads_what_it_is_made_from(declared: Declarations) -> None:
    profile = profile_of(declared)
    assert {name: judge_inputs(profile, name) for name in [*profile.judges, "toxicity"]} == {
        "classified": [],
        "raw": [],
        "fitted": ["raw/toxigen_sentences"],
        "over_ours": ["raw/toxigen_sentences", "models/embedder"],
        "toxicity": ["demo/judge_texts"],
    }
    assert (head_fit(profile, "fitted"), head_fit(profile, "raw")) == ("raw/toxigen_sentences", None)


def test_only_raw_heads_have_no_shares(declared: Declarations) -> None:
    assert raw_judges(profile_of(declared)) == {"raw"}


def test_a_judge_over_our_own_embedder_needs_no_torch(declared: Declarations) -> None:
    profile = profile_of(declared)
    without = [name for name in [*profile.judges, "toxicity"] if torch_options(profile, name) is None]
    assert without == ["over_ours", "toxicity"]
    encoder = EmbeddingHead.model_validate(WITH_HEAD | {"embedder": ENCODER}).embedder
    assert torch_options(profile.model_copy(update={"embedder": encoder}), "over_ours") is encoder


def test_numbers_of_demo_judges_over_real_models_are_marked(declared: Declarations) -> None:
    real = with_real_base(declared.profile)
    assert demo_judged(declared.profile, ["toxicity"]) is None
    assert "Demo judges (toxicity) scored answers of models" in str(demo_judged(real, ["toxicity"]))
    judges = {"toxicity": SequenceClassification.model_validate(CLASSIFIER)}
    assert demo_judged(real.model_copy(update={"judges": judges}), ["toxicity"]) is None
