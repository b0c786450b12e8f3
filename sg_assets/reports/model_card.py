"""A variant's model card in Markdown: description, inputs, scores, with the hub's metadata on top."""

from collections.abc import Mapping
from pathlib import Path

from sg_assets.declarations.losses import loss_text
from sg_assets.reports.card import Card
from sg_assets.reports.card_metadata import with_metadata
from sg_assets.reports.render.number_text import (
    NOT_SCORED,
    heading,
    interval,
    marked,
    marks,
    training_time,
    value,
)
from sg_assets.reports.results import Estimate
from sg_assets.text.markdown import escaped
from sg_assets.text.templates import Filters, template

TEMPLATE = Path(__file__).parent / "model_card.md.j2"


def render(card: Card) -> str:
    """The card as text: the same bytes for the same card.

    Raises:
        ValueError: the hub's library does not take the metadata.
    """
    body = template(TEMPLATE, _FILTERS, html=False).render(card=card, not_scored=NOT_SCORED, marked=marked(card.scores))
    return with_metadata(card, body)


def _estimate(found: Estimate | None) -> str:
    if found is None:
        return NOT_SCORED
    return f"{value(found)}{marks(found)} ({escaped(interval(found))}; n {found.n})"


def _setting(given: object) -> str:
    if isinstance(given, Mapping):
        return loss_text(given)
    if isinstance(given, list | tuple):
        return ", ".join(map(str, given))
    return f"{given:g}" if isinstance(given, float) else str(given)


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counted.items()) or "none"


_FILTERS: Filters = {
    "text": escaped,
    "heading": heading,
    "estimate": _estimate,
    "setting": _setting,
    "counts": _counts,
    "training_time": training_time,
}
