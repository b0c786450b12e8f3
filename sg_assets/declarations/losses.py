"""The losses that preferences may be trained with: which there are, and what they ask of their options.

KTO has one loss; DPO's may be mixed. Names are TRL's own. Whether the installed release has a loss is read from the
source of its configuration: importing TRL to ask would take seconds.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

Weights = Mapping[str, float]
"""Losses by name, with the weight of each in the sum."""

LOSSES: Final[Mapping[str, tuple[str, ...]]] = {
    "kto": ("kto", "apo_zero_unpaired"),
    "dpo": (
        "sigmoid", "sigmoid_norm", "hinge", "ipo", "robust", "exo_pair", "nca_pair", "bco_pair", "sppo_hard", "aot",
        "aot_unpaired", "apo_zero", "apo_down", "discopop", "sft",
    ),
}  # fmt: skip
"""The losses of each method, its default first."""
DEFAULTS: Final[Mapping[str, str]] = {"kto": "kto", "dpo": "sigmoid"}
"""What a method trains with unless another loss is declared."""
SMOOTHED: Final = ("robust", "exo_pair")
"""Losses that need ``label_smoothing``: without it the one is ``sigmoid`` and the other is not defined."""
RANKED: Final = ("aot", "aot_unpaired")
"""Losses that compare the answers of a batch with each other in order of likelihood: of one pair there is no order."""
WITHOUT_PARTNERS: Final = ("apo_zero_unpaired",)
"""Losses of KTO that need no other row of the batch."""
_QUOTED: Final = re.compile(r"['\"](\w+)['\"]")


def default_losses(method: str) -> dict[str, float]:
    """The loss of a method where none is declared; none of a method without a choice."""
    return {DEFAULTS[method]: 1.0} if method in DEFAULTS else {}


def installed_losses(method: str) -> frozenset[str]:
    """The losses of a method that are known here and that the installed TRL names; none where TRL is not installed."""
    return frozenset(LOSSES[method]) & _named(method)


def installed_trl() -> str:
    """The version of the installed TRL, in words."""
    try:
        return f"TRL {version('trl')}"
    except PackageNotFoundError:
        return "TRL, which is not installed,"


def loss_text(losses: Weights) -> str:
    """Losses with their weights as a formula: ``sigmoid + 0.2 sft``."""
    return " + ".join(name if weight == 1 else f"{weight:g} {name}" for name, weight in losses.items())


@cache
def _named(method: str) -> frozenset[str]:
    """All words in quotes in the source of TRL's configuration of a method."""
    package = find_spec("trl")
    if package is None or package.origin is None:
        return frozenset()
    source = Path(package.origin).parent / "trainer" / f"{method}_config.py"
    return frozenset(_QUOTED.findall(source.read_text(encoding="utf-8"))) if source.is_file() else frozenset()
