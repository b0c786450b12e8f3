"""The metadata on top of a model card, as the Hugging Face Hub reads it."""

import re
from typing import TYPE_CHECKING, Any

from sg_assets.declarations.records.licence import Licence
from sg_assets.reports.card import Card
from sg_assets.reports.results import Estimate, MetricColumn

if TYPE_CHECKING:
    from huggingface_hub import EvalResult

_ID = re.compile(r"[A-Za-z0-9.-]+")
_DIGITS = 6
"""Of a value in the metadata; sums of floats differ beyond."""


def with_metadata(card: Card, body: str) -> str:
    """A card's text with its metadata before it, read again by the hub's library.

    Raises:
        ValueError: the library does not take the metadata.
    """
    from huggingface_hub import ModelCard, ModelCardData

    data = ModelCardData(
        **_licence(card.licences[0].licence),
        base_model=card.base.repo,
        base_model_relation="adapter" if card.base.repo else None,
        library_name="peft",
        pipeline_tag="text-generation",
        tags=["lora", card.method, "safety-alignment", "sg_assets"],
        model_name=card.variant,
        eval_results=_results(card) or None,
    )
    return str(ModelCard(f"---\n{data.to_yaml()}\n---\n\n{body}"))


def _licence(licence: Licence | None) -> dict[str, Any]:
    """A single SPDX id as the hub writes it; anything else is ``other`` to it, with a name and a link."""
    if licence is None:
        return {}
    if licence.spdx is not None and _ID.fullmatch(licence.spdx):
        return {"license": licence.spdx.lower()}
    name = re.sub(r"[^a-z0-9.-]+", "-", licence.name.lower()).strip("-")
    return {"license": "other", "license_name": name, "license_link": licence.url}


def _results(card: Card) -> "list[EvalResult]":
    own = next(row for row in card.scores.rows if row.variant == card.variant)
    return [_result(column, estimate) for column, estimate in own.estimates.items() if estimate is not None]


def _result(column: MetricColumn, found: Estimate) -> "EvalResult":
    from huggingface_hub import EvalResult

    spread = {"low": found.low, "high": found.high, "level": found.level}
    interval = {name: round(number, _DIGITS) for name, number in spread.items() if number is not None}
    return EvalResult(
        task_type="text-generation",
        dataset_type=column.benchmark,
        dataset_name=f"{column.benchmark}, {column.slice}",
        dataset_config=column.slice,
        metric_type=column.metric,
        metric_name=column.title,
        metric_value=round(found.value, _DIGITS),
        metric_args={**interval, "n": found.n},
    )
