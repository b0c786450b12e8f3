"""How one partition of one asset stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sg_assets.lineage.causes import Cause
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import NamedMark
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref


class State(StrEnum):
    """What a reader of a partition should know first."""

    QUARANTINED = "quarantined"
    """What was made last failed its audit and waits; what is published is older, or there is nothing."""

    MISSING = "missing"
    """Nothing was published yet."""

    OUTDATED = "out of date"
    """Published, but of other inputs, code, values or libraries than those of now."""

    FAILING = "failing checks"
    """Up to date, and a check that only warns failed."""

    CURRENT = "current"
    """Up to date, and every check passed."""


class Need(StrEnum):
    """What bringing a partition up to date takes, once all it is made from is up to date."""

    WORK = "work"
    """No version is made so: the work runs."""

    FOLLOW = "follow"
    """Its inputs are to be made; the work runs if their content is another then."""

    CONFIRM = "confirm"
    """A version made so exists and becomes current, or is recorded with the inputs of now. No work."""

    NOTHING = "nothing"
    """It is up to date."""


@dataclass(frozen=True)
class PartitionStatus:
    """One partition of one asset."""

    ref: Ref
    state: State
    need: Need
    causes: tuple[Cause, ...] = ()
    """Why it is out of date, each at the place where it enters: here, or anywhere upstream."""
    head: Manifest | None = None
    """What is published."""
    failing: tuple[str, ...] = ()
    """Checks that failed on what is published."""
    quarantined: str | None = None
    """The version that waits in quarantine, newer than what is published."""
    blocked: str | None = None
    """Why it cannot be made here and now, such as a library that is not installed."""
    expected: Manifest | None = None
    """What is current once it is up to date; None where that is to be made."""
    recipe: Recipe | None = None
    """What it would be made by now; None where it is blocked."""
    accepted: NamedMark | None = None
    """The acceptance by which what is published counts as made by the recipe of now; None where it was made by it."""


MISSING_NOTE = "is missing"
"""The note of the cause that an input without any version is."""
RecipeOf = Callable[[Ref], Recipe]
"""The recipe of a partition as things are declared now, with its contract."""
Survey = Mapping[Ref, PartitionStatus]
"""Every declared partition, upstream first."""
