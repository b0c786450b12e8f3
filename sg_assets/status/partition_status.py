"""The status of one partition of one asset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sg_assets.lineage.causes import Cause
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import NamedMark
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref


class State(StrEnum):
    """The state of a partition."""

    DAMAGED = "damaged"
    """A record of the partition, or the content of its current version, is not what was written; or the current version
    was made from content that was damaged."""

    QUARANTINED = "quarantined"
    """The newest version failed its audit and is in quarantine; the current version, if any, is older."""

    MISSING = "missing"
    """No version was published yet."""

    OUTDATED = "out of date"
    """The current version was made with other inputs, code, values or libraries than today's."""

    FAILING = "failing checks"
    """Up to date, but a check that warns has failed."""

    CURRENT = "current"
    """Up to date, and every check passed."""


class Need(StrEnum):
    """What bringing a partition up to date takes, once its inputs are up to date."""

    WORK = "work"
    """No version has today's recipe: the step runs."""

    FOLLOW = "follow"
    """Its inputs are to be made; the step runs if their content changes."""

    CONFIRM = "confirm"
    """A version with today's recipe exists and becomes current, or is recorded with today's inputs. No step runs."""

    NOTHING = "nothing"
    """The partition is up to date."""


@dataclass(frozen=True)
class PartitionStatus:
    """One partition of one asset."""

    ref: Ref
    state: State
    need: Need
    causes: tuple[Cause, ...] = ()
    """Why it is out of date, each with the partition where it enters: this one, or one upstream."""
    head: Manifest | None = None
    """The current version."""
    failing: tuple[str, ...] = ()
    """Checks that failed on the current version."""
    quarantined: str | None = None
    """The version in quarantine, newer than the current one."""
    damage: tuple[str, ...] = ()
    """What of it is damaged, with the way to mend it; empty where nothing is."""
    blocked: str | None = None
    """Why it cannot be made here, such as a library that is not installed."""
    expected: Manifest | None = None
    """The version that is current once it is up to date; None if that is to be made."""
    recipe: Recipe | None = None
    """Today's recipe; None if blocked."""
    accepted: NamedMark | None = None
    """The acceptance by which the current version counts as made by today's recipe; None if it was made by it."""


MISSING_NOTE = "is missing"
"""The note of the cause for an input without any version."""
RecipeOf = Callable[[Ref], Recipe]
"""Gives today's recipe of a partition, with its contract."""
Survey = Mapping[Ref, PartitionStatus]
"""Every declared partition, upstream first."""
