"""A loss that a training cannot have is an error when declarations load."""

from typing import Any

import pytest

from sg_assets.declarations import losses
from sg_assets.declarations.losses import LOSSES, SMOOTHED
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.validate.loss_choices import loss_errors

FILE = "models/variants/x.yaml, training."


def errors_of(method: str, **options: Any) -> list[str]:
    given = TrainingOptions.model_validate(options)
    return [str(error) for error in loss_errors(given, method, lambda name: f"{FILE}{name}")]


@pytest.mark.parametrize(("method", "name"), [(method, name) for method in LOSSES for name in LOSSES[method]])
def test_a_loss_of_the_method_is_accepted(method: str, name: str) -> None:
    smoothing = {"label_smoothing": 0.1} if name in SMOOTHED else {}
    mixed = {"sigmoid": 1.0, "sft": 0.2} if name == "sft" else name
    assert errors_of(method, loss=mixed, batch_size=4, **smoothing) == []


@pytest.mark.parametrize(
    ("method", "options", "says"),
    [
        ("dpo", {"loss": "kto"}, "loss: 'kto' is no loss of dpo. It is a loss of kto."),
        ("dpo", {"loss": "sigmoyd"}, "Did you mean 'sigmoid'?"),
        ("kto", {"loss": ["sigmoid"]}, "'sigmoid' is no loss of kto. It is a loss of dpo."),
        ("kto", {"loss": ["kto", "apo_zero_unpaired"]}, "loss: is no single loss."),
        ("kto", {"loss": {"kto": 2.0}}, "Write loss: kto."),
        ("dpo", {"loss": "sft"}, "loss: is sft alone."),
        ("dpo", {"loss": "aot", "batch_size": 1}, "batch_size: is 1 for aot."),
        ("dpo", {"loss": "robust"}, "label_smoothing: is needed."),
        ("dpo", {"loss": ["sft", "exo_pair"]}, "label_smoothing: is needed."),
        ("dpo", {"label_smoothing": 0.1}, "label_smoothing: has no effect."),
        ("kto", {"loss": "kto", "label_smoothing": 0.1}, "label_smoothing: has no effect."),
    ],
)
def test_a_loss_that_cannot_be_is_named_by_its_key(method: str, options: dict[str, Any], says: str) -> None:
    [message] = errors_of(method, **options)
    assert message.startswith(FILE)
    assert says in message


def test_a_loss_that_the_installed_trl_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "_named", lambda _: frozenset({"sigmoid", "hinge"}))
    [message] = errors_of("dpo", loss=["hinge", "ipo"])
    assert "does not have the loss 'ipo' of dpo" in message
    assert "TRL 1." in message


def test_the_method_s_own_loss_needs_no_look_at_trl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "_named", lambda _: frozenset())
    assert errors_of("dpo", batch_size=4) == []
