"""Bad trainings: losses that a method or the installed TRL does not have, and grids that make no variants."""

from pathlib import Path

import pytest

from sg_assets.declarations.grids import read_variants
from sg_assets.declarations.record_reading import read_named
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.loss_choices import loss_errors
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of

FILE = "models/variants/x.yaml"


def _written(name: str, added: str, *says: str, method: str = "dpo") -> BadInput:
    """A variant's file with this at line 6."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / FILE
        path.parent.mkdir(parents=True)
        path.write_text(f"description: x\nmethod: {method}\nparent: base\nmix: balanced\nrank: 16\n{added}")
        return error_of(lambda: read_named(path, Variant, root))

    return BadInput(name, act, (FILE, *says))


def _chosen(name: str, options: dict[str, object], *says: str, method: str = "dpo") -> BadInput:
    """Losses that are well written and cannot be."""

    def act(_root: Path, _patch: pytest.MonkeyPatch) -> str:
        given = TrainingOptions.model_validate(options)
        [error] = loss_errors(given, method, lambda key: f"{FILE}, training.{key}")
        return str(error)

    return BadInput(name, act, (FILE, *says))


def _older_trl(_: Path, patch: pytest.MonkeyPatch) -> str:
    patch.setattr("sg_assets.declarations.losses._named", lambda _: frozenset({"sigmoid"}))
    given = TrainingOptions.model_validate({"loss": "discopop"})
    [error] = loss_errors(given, "dpo", lambda key: f"{FILE}, training.{key}")
    return str(error)


def _grid(name: str, axes: str, *says: str) -> BadInput:
    """A grid at line 5."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / FILE
        path.parent.mkdir(parents=True)
        path.write_text(f"description: x\nmethod: sft\nparent: base\nmix: balanced\ngrid: {axes}\n")
        return error_of(lambda: read_variants(path, root))

    return BadInput(name, act, (FILE, "line 5", *says))


CASES = [
    _grid("a value twice", "{rank: [8, 8]}", "8 stands there twice"),
    _grid("an axis of nothing", "{rank: []}", "grid", "rank"),
    _grid("an axis without a list", "{rank: 8}", "grid", "rank"),
    _grid("an axis that is misspelt", "{learning_rat: [0.1]}", "Did you mean 'learning_rate'?"),
    _grid("an axis that moves no result", "{rank: [8], device: [cpu, cuda]}", "unknown key 'device'"),
    _grid("an axis beside one value for all", "{rank: [8], parent: [base]}", "'parent' is an axis", "Line 3"),
    _grid("a rate of YAML 1.1", "{rank: [8], learning_rate: [1e-4]}", "'1e-4' differently", "0.0001"),
    _grid("a grid of a million", f"{{rank: {[*range(1, 1001)]}, seed: {[*range(1000)]}}}", "1,000,000 variants"),
    _grid("a rank of nothing", "{rank: [0, 8], seed: [1, 2]}", "rank", "greater than or equal to 1"),
    _written("a loss twice", "training: {loss: [sft, sft]}\n", "training.loss", "each loss once"),
    _written("no loss in a list", "training: {loss: []}\n", "training.loss"),
    _written("a loss with no weight", "training: {loss: {sigmoid: 0}}\n", "training.loss.sigmoid", "greater than 0"),
    _written("a loss of sft", "training: {loss: hinge}\n", "loss applies to kto and dpo only", method="sft"),
    _written("half of the labels wrong", "training: {label_smoothing: 0.5}\n", "less than 0.5"),
    _chosen("a loss of nobody", {"loss": "simpo"}, "'simpo' is no loss of dpo", "Did you mean 'ipo'"),
    _chosen("a loss of dpo for kto", {"loss": "ipo"}, "It is a loss of dpo", method="kto"),
    _chosen("sft alone", {"loss": "sft"}, "is sft alone", "method: sft"),
    BadInput("a loss that TRL lacks", _older_trl, (FILE, "does not have the loss 'discopop'", "sigmoid")),
]
