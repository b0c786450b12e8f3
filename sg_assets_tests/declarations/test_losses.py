"""The losses that are offered are those of the installed TRL."""

import pytest

from sg_assets.declarations import losses
from sg_assets.declarations.losses import DEFAULTS, LOSSES, default_losses, installed_losses, loss_text


@pytest.mark.parametrize("method", LOSSES)
def test_the_installed_trl_names_every_loss(method: str) -> None:
    assert installed_losses(method) == set(LOSSES[method])


@pytest.mark.slow
@pytest.mark.parametrize("method", LOSSES)
def test_the_default_is_trl_s_own(method: str) -> None:
    import trl

    config = {"kto": trl.KTOConfig, "dpo": trl.DPOConfig}[method]
    default = config.__dataclass_fields__["loss_type"]
    written = default.default_factory() if method == "dpo" else [default.default]
    assert dict.fromkeys(written, 1.0) == default_losses(method)


def test_the_default_stands_first() -> None:
    assert {method: names[0] for method, names in LOSSES.items()} == DEFAULTS


def test_without_trl_there_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "find_spec", lambda _: None)
    losses._named.cache_clear()
    assert installed_losses("dpo") == frozenset()
    losses._named.cache_clear()


def test_a_method_without_a_choice_has_no_default() -> None:
    assert default_losses("sft") == {}


def test_losses_read_as_a_formula() -> None:
    assert loss_text({"sigmoid": 1.0, "sft": 0.2}) == "sigmoid + 0.2 sft"
