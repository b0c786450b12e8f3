"""The share of an adapter's effect, and what is said where too little is left."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.adapters.effect import ModelCheck, require_effect
from sg_assets.adapters.probe import AdapterProbe
from sg_assets.adapters.probe_chats import ProbeItem
from sg_assets.errors import SgAssetsError

BASE, ADAPTED = (-1.0, -2.0, -3.0, -4.0), (-0.5, -1.0, -3.5, -4.5)
PROBE = AdapterProbe(items=(ProbeItem(prompt=(1, 2), answer=(3, 4, 5, 6)),), base=BASE, adapted=ADAPTED)
FLOAT32 = ModelCheck(application="merged", dtype="float32")
BFLOAT16 = ModelCheck(application="merged", dtype="bfloat16")


def between(share: float) -> tuple[float, ...]:
    """The log-probabilities of a model with a share of the effect."""
    return tuple(old + share * (new - old) for old, new in zip(BASE, ADAPTED, strict=True))


def check(loaded: Sequence[float], how: ModelCheck) -> float:
    return require_effect(PROBE, lambda _: loaded, how, where="adapters/sft[a]")


def refusal(loaded: Sequence[float], how: ModelCheck) -> str:
    with pytest.raises(SgAssetsError) as caught:
        check(loaded, how)
    return str(caught.value)


@given(st.floats(0.0, 1.0))
def test_a_model_with_a_share_of_the_effect_has_that_share(share: float) -> None:
    assert PROBE.share(between(share)) == pytest.approx(share, abs=1e-9)


@given(st.lists(st.floats(-20.0, 0.0), min_size=4, max_size=4))
def test_no_model_has_more_than_the_whole_effect(loaded: list[float]) -> None:
    assert PROBE.share(loaded) <= 1.0


@pytest.mark.parametrize(("how", "share"), [(FLOAT32, 0.995), (BFLOAT16, 0.9)])
def test_enough_of_the_effect_passes_and_is_recorded(how: ModelCheck, share: float) -> None:
    assert check(between(share + 1e-6), how) == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize(("how", "share"), [(FLOAT32, 0.98), (BFLOAT16, 0.89)])
def test_too_little_of_it_is_refused_with_the_share(how: ModelCheck, share: float) -> None:
    said = refusal(between(share), how)
    assert f"the model has {share:.1%} of its adapter's effect" in said
    assert "adapters/sft[a]" in said


def test_a_declared_share_is_what_bfloat16_needs() -> None:
    assert check(between(0.7), BFLOAT16.model_copy(update={"at_least": 0.6})) == 0.7
    assert "95% are needed" in refusal(between(0.93), BFLOAT16.model_copy(update={"at_least": 0.95}))


def test_a_declared_share_lets_nothing_pass_that_float32_would_not_lose() -> None:
    assert "99% are needed" in refusal(between(0.7), FLOAT32.model_copy(update={"at_least": 0.6}))


def test_rounding_is_named_with_what_keeps_more() -> None:
    said = refusal(between(0.6), BFLOAT16)
    assert "bfloat16 rounds away" in said
    assert "`dtype: float32`, or `adapter: unmerged`" in said
    unmerged = refusal(between(0.6), ModelCheck(application="unmerged", dtype="bfloat16"))
    assert "adapter: unmerged" not in unmerged


def test_a_model_without_the_adapter_is_named() -> None:
    assert "as the chat model does without an adapter" in refusal(BASE, FLOAT32)


def test_another_adapter_is_named_even_with_an_effect_of_the_same_size() -> None:
    mirrored = tuple(2 * old - new for old, new in zip(BASE, ADAPTED, strict=True))
    assert "another adapter, or on another chat model" in refusal(mirrored, FLOAT32)


@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_numbers_that_are_not_finite_are_no_effect(number: float) -> None:
    refusal((number, *ADAPTED[1:]), FLOAT32)


def test_the_last_digits_of_another_machine_are_no_loss_of_a_tiny_effect() -> None:
    tiny = PROBE.model_copy(update={"adapted": tuple(value + 1e-5 for value in BASE)})
    other = [value + 2e-5 for value in BASE]
    assert require_effect(tiny, lambda _: other, FLOAT32, where="a") > 0.99
