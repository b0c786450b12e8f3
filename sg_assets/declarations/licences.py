"""The licences that a variant's card lists: of all that it is made from and scored with."""

from collections.abc import Iterable
from dataclasses import dataclass

from sg_assets.declarations.kinds.datasets import DATASET_TABLE
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.licence import Licence
from sg_assets.declarations.validate.variants import root_chat_model


@dataclass(frozen=True)
class Licensed:
    """Something under terms."""

    what: str
    """As a reader knows it."""
    key: str
    """Where a profile declares its licence."""
    licence: Licence | None
    """None where it is not declared."""


def adapter_licences(declared: Declarations, variant: str) -> list[Licensed]:
    """The terms of a variant's adapter that was trained elsewhere; none where it was trained here, or has none."""
    if declared.variants[variant].adapter is None:
        return []
    licence = declared.profile.licences.adapters.get(variant)
    return [Licensed(f"adapter of {variant}", f"licences.adapters.{variant}", licence)]


def dataset_licences(declared: Declarations, assets: Iterable[str]) -> list[Licensed]:
    """The terms of the datasets whose rows are read as tables; those of comments and prompts are `licences.sources`.

    Args:
        declared: What is declared.
        assets: What the profile makes of it.
    """
    made, sources = set(assets), declared.profile.sources
    return [
        Licensed(f"dataset {name}", f"licences.datasets.{name}", declared.profile.licences.datasets.get(name))
        for name in declared.datasets
        if DATASET_TABLE.of(name) in made and name not in (sources.comments, sources.toxigen)
    ]


def licences_of(declared: Declarations, variant: str, *, own_comments: bool, own_toxigen: bool) -> list[Licensed]:
    """What a variant is made from and scored with, and under which terms; its chat model first.

    Args:
        declared: What is declared.
        variant: The variant.
        own_comments: Whether the comments come from a folder, and are not generated.
        own_toxigen: The same of TOXIGEN's prompts.
    """
    profile, licences = declared.profile, declared.profile.licences
    chat = root_chat_model(declared.variants[variant], declared.variants)
    elsewhere: list[tuple[str, str, Licence | None, bool]] = [
        (f"chat model {chat}", f"chat_models.{chat}", licences.chat_models.get(chat),
         profile.chat_models[chat].hub is not None),
        *(
            (f"judge {name}", f"judges.{name}", licences.judges.get(name), name in profile.judges)
            for name in declared.judges
        ),
        ("generator of safe answers", "generator", licences.generator, profile.generator is not None),
        ("comments", "sources.comments", licences.sources.comments, own_comments),
        ("TOXIGEN's prompts", "sources.toxigen", licences.sources.toxigen, own_toxigen),
    ]  # fmt: skip
    return [
        Licensed(what, f"licences.{key}", licence)
        if taken
        else Licensed(f"{what}, made here", "licences.made_here", licences.made_here)
        for what, key, licence, taken in elsewhere
    ]
