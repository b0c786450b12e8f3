"""Recorded parameters take the place of declared ones."""

from sg_assets.declarations.kinds.restoring import RecordedStep, with_generation, with_profile, with_seed
from sg_assets.declarations.loading import Declarations
from sg_assets.store.refs import Ref


def recorded(**parameters: object) -> RecordedStep:
    return RecordedStep(Ref.parse("raw/t"), parameters, {})


def test_the_recorded_seed_becomes_the_profile_s(declared: Declarations) -> None:
    assert with_seed(declared, recorded(seed=41)).profile.seed == 41


def test_without_a_recorded_seed_nothing_changes(declared: Declarations) -> None:
    assert with_seed(declared, recorded()) is declared


def test_recorded_sampling_settings_keep_today_s_device(declared: Declarations) -> None:
    restored = with_generation(declared, recorded(max_new_tokens=3, device="cuda")).profile.generation
    assert (restored.max_new_tokens, restored.device) == (3, declared.profile.generation.device)


def test_the_declarations_at_hand_stay_as_they_are(declared: Declarations) -> None:
    before = declared.profile.rank_scale
    assert with_profile(declared, rank_scale=before + 1).profile.rank_scale == before + 1
    assert declared.profile.rank_scale == before
