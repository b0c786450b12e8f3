"""Fitting a linear head over vectors of labelled texts, and measuring it on groups that it has not seen."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sg_assets.errors import SgAssetsError
from sg_assets.judging.embedding_head import LinearHead
from sg_assets.judging.linear import fit_platt

if TYPE_CHECKING:
    from sg_assets.declarations.records.judge_model import HeadFit

BEHAVIOUR: Final = 1
_FOLDS: Final = 5
_FEWEST: Final = 5
"""Texts of each label that are needed on each side."""
_QUANTILE: Final = 1.959963984540054
"""Of the standard normal distribution, for intervals of 95 %."""


@dataclass(frozen=True)
class LabelledTexts:
    """Vectors of texts with their labels."""

    vectors: NDArray[np.float64]
    labels: NDArray[np.bool_]
    groups: NDArray[np.str_]
    slices: Mapping[str, NDArray[np.str_]]
    """Further values to show the error by, by column."""

    def only(self, chosen: NDArray[np.bool_]) -> "LabelledTexts":
        """Some of them."""
        slices = {name: values[chosen] for name, values in self.slices.items()}
        return LabelledTexts(self.vectors[chosen], self.labels[chosen], self.groups[chosen], slices)


def fit_head(
    texts: LabelledTexts, declared: "HeadFit", thresholds: Mapping[str, float], threshold: str, seed: int
) -> tuple[LinearHead, dict[str, Any]]:
    """Fit a head on some groups, calibrate it, and measure it on the others: same arguments, same head.

    Args:
        texts: The texts.
        declared: How it is fitted.
        thresholds: The named thresholds that it is measured at.
        threshold: The one in use.
        seed: Decides which groups are kept out.

    Returns:
        The head, and its figures on the groups that are kept out.

    Raises:
        SgAssetsError: too few groups, or too few texts of a label on a side.
    """
    from threadpoolctl import threadpool_limits

    unseen = _held_out(texts.groups, declared.held_out, seed)
    fitted, kept_out = texts.only(~unseen), texts.only(unseen)
    for side, part in (("to fit on", fitted), ("to measure on", kept_out)):
        _require_both_labels(part, side)
    with threadpool_limits(limits=1):  # several threads add in another order
        model = _model(declared, seed).fit(fitted.vectors, fitted.labels)
        slope, offset = _calibration(fitted, declared, seed)
    weights = np.ascontiguousarray(model.coef_.reshape(-1), dtype=np.float64)
    head = LinearHead(weights, float(np.ravel(model.intercept_)[0]), slope, offset)
    figures = {
        "fitted_on": {"n": len(fitted.labels), "positives": int(fitted.labels.sum()), "groups": _names(fitted.groups)},
        **measured(head.score(kept_out.vectors), kept_out, thresholds, threshold),
    }
    return head, figures


def measured(
    scores: NDArray[np.float64], texts: LabelledTexts, thresholds: Mapping[str, float], threshold: str
) -> dict[str, Any]:
    """Figures of scores: AUC with its interval, and errors by threshold and by slice."""
    area, low, high = auc(scores, texts.labels)
    raised = scores >= thresholds[threshold]
    slices = {"group": texts.groups, **texts.slices}
    return {
        "n": len(scores),
        "positives": int(texts.labels.sum()),
        "groups": _names(texts.groups),
        "auc": _rounded(area),
        "auc_interval": [_rounded(low), _rounded(high)],
        "brier": _rounded(float(np.mean((scores - texts.labels) ** 2))),
        "thresholds": {name: {"cut": cut, **_errors(scores >= cut, texts.labels)} for name, cut in thresholds.items()},
        "by": {
            column: {value: _of_slice(scores, raised, texts.labels, values == value) for value in _names(values)}
            for column, values in slices.items()
        },
    }


def _of_slice(
    scores: NDArray[np.float64], raised: NDArray[np.bool_], labels: NDArray[np.bool_], here: NDArray[np.bool_]
) -> dict[str, Any]:
    return {"auc": _rounded(auc(scores[here], labels[here])[0]), **_errors(raised[here], labels[here])}


def auc(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The area under the ROC curve with its interval of 95 %, by DeLong's variance on the scale of logits.

    Returns:
        The area, and the ends of its interval; no numbers where a label is missing.
    """
    from scipy.stats import rankdata

    positive, negative = scores[labels], scores[~labels]
    m, n = len(positive), len(negative)
    if min(m, n) == 0:
        return math.nan, math.nan, math.nan
    ranks = rankdata(np.concatenate([positive, negative]))
    above_negatives = (ranks[:m] - rankdata(positive)) / n
    above_positives = 1 - (ranks[m:] - rankdata(negative)) / m
    area = float(above_negatives.mean())
    if min(m, n) < 2 or area in (0.0, 1.0):
        return area, math.nan, math.nan
    error = math.sqrt(above_negatives.var(ddof=1) / m + above_positives.var(ddof=1) / n)
    middle, reach = math.log(area / (1 - area)), _QUANTILE * error / (area * (1 - area))
    return area, 1 / (1 + math.exp(reach - middle)), 1 / (1 + math.exp(-reach - middle))


def _held_out(groups: NDArray[np.str_], share: float, seed: int) -> NDArray[np.bool_]:
    """The texts whose group is kept out: whole groups, those with the lowest digests."""
    names = sorted(_names(groups), key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest())
    kept_out = max(1, round(share * len(names)))
    if len(names) - kept_out < 2:
        raise SgAssetsError(
            f"{len(names)} groups are too few to keep {kept_out} of them out",
            why="a head is calibrated on groups that it was not fitted on, and measured on others still",
            remedy="Give texts of at least four groups, or a smaller held_out",
        )
    return np.isin(groups, names[:kept_out])


def _require_both_labels(texts: LabelledTexts, side: str) -> None:
    positives = int(texts.labels.sum())
    if min(positives, len(texts.labels) - positives) < _FEWEST:
        why = f"{positives} of {len(texts.labels)} are labelled true; {_FEWEST} of each label are needed"
        raise SgAssetsError(f"too few labelled texts {side}", why=why, remedy="Give more texts, of every group")


def _model(declared: "HeadFit", seed: int) -> Any:  # noqa: ANN401 - of scikit-learn
    from sklearn.linear_model import LogisticRegression, RidgeClassifier

    if declared.head == "ridge":
        return RidgeClassifier(alpha=declared.penalty, class_weight="balanced", solver="cholesky")
    inverse = 1 / declared.penalty
    return LogisticRegression(C=inverse, class_weight="balanced", max_iter=2000, random_state=seed)


def _calibration(texts: LabelledTexts, declared: "HeadFit", seed: int) -> tuple[float | None, float]:
    """Slope and offset by Platt's method, on sums of groups that were not fitted on; none where none is declared."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    if declared.calibration == "none":
        return None, 0.0
    folds = GroupKFold(min(_FOLDS, len(_names(texts.groups))))
    sums = cross_val_predict(
        _model(declared, seed), texts.vectors, texts.labels, groups=texts.groups, cv=folds, method="decision_function"
    )
    return fit_platt(sums, texts.labels)


def _errors(raised: NDArray[np.bool_], labels: NDArray[np.bool_]) -> dict[str, Any]:
    """Counts and rates of a flag against labels."""
    right = raised & labels
    return {
        "n": len(labels),
        "error": _share(int((raised != labels).sum()), len(labels)),
        "sensitivity": _share(int(right.sum()), int(labels.sum())),
        "specificity": _share(int((~raised & ~labels).sum()), int((~labels).sum())),
        "precision": _share(int(right.sum()), int(raised.sum())),
    }


def _share(part: int, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _names(values: NDArray[np.str_]) -> Sequence[str]:
    return [str(value) for value in np.unique(values)]
