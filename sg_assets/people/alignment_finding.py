"""Whether a judge is aligned with people, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sg_assets.people.judge_accuracy import JudgeAccuracy, Rate


def finding(accuracy: "JudgeAccuracy", bound: Mapping[str, Any] | None) -> tuple[bool | None, str]:
    """Whether a judge reaches what is declared for it (None where nothing is), and a sentence with the numbers.

    Args:
        accuracy: On all labelled answers.
        bound: The declared bound, as plain values.
    """
    if not accuracy.labels:
        return (None if bound is None else False), "no labels of people"
    rates = (("sensitivity", accuracy.sensitivity), ("specificity", accuracy.specificity))
    parts = [f"{name} {_rate(rate)}{_bound(bound, name)}" for name, rate in rates]
    few = bound is not None and accuracy.labels < bound["labels_at_least"]
    answers = f"{accuracy.labels} labelled answers" + (
        f" of at least {bound['labels_at_least']}" if few and bound else ""
    )
    text = f"{', '.join(parts)}, from {answers}"
    if bound is None:
        return None, text
    reached = all(rate is not None and rate.value >= bound[f"{name}_at_least"] for name, rate in rates)
    return reached and not few, text


def _rate(rate: "Rate | None") -> str:
    if rate is None:
        return "not measured"
    return f"{rate.value:.1%} ({rate.low:.1%} to {rate.high:.1%})".replace("%", " %")


def _bound(bound: Mapping[str, Any] | None, name: str) -> str:
    return "" if bound is None else f" of at least {bound[f'{name}_at_least']:.1%}".replace("%", " %")
