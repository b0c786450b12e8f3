"""Who gets notices of failures: ``models/alerts.yaml``."""

import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Count, Record
from sg_assets.errors import SgAssetsError, nearest

Severity = Literal["warning", "error", "critical"]
"""From the least to the most severe. A check that only warns is a warning; a check that blocks is an error."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
Source = Literal["comments", "toxigen"]
BUILT_IN = ("file", "terminal")
"""Targets that need no URL."""
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def _check_target(target: str) -> str:
    if target not in BUILT_IN and _VARIABLE.fullmatch(target) is None:
        rule = "neither 'file' nor 'terminal', nor the name of an environment variable (capitals, digits, _)"
        raise ValueError(f"'{target}' is {rule}. {nearest(target.lower(), BUILT_IN)}")
    return target


Target = Annotated[str, AfterValidator(_check_target)]
"""``file``, ``terminal``, or the environment variable that holds one apprise URL."""
Pattern = Annotated[str, Field(pattern=r"^[a-z*][a-z0-9_*]*/[a-z0-9_*]+$")]
"""Assets by name; ``*`` stands for anything: ``raw/*``."""
Owner = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,62}|[^\s@<>]+@[^\s@<>]+)$")]
"""A team (a safe name), or an e-mail address."""


class OwnerRule(Record):
    """Assets and who looks after them."""

    assets: Pattern
    owner: Owner


class Route(Record):
    """Where notices that match all keys of the route go; a notice goes to the targets of every route it matches."""

    severity: Severity = "warning"
    """The lowest severity of notices on this route."""
    owners: tuple[Owner, ...] | None = None
    groups: tuple[SafeName, ...] | None = None
    """Asset groups, the first part of an asset's name."""
    to: tuple[Target, ...] = Field(min_length=1)


class Escalation(Record):
    """When an incident that stays open becomes more severe; that sends another notice."""

    severity: Severity
    """The severity of the incident so far."""
    after_hours: float | None = Field(default=None, gt=0)
    """Hours since the incident was opened."""
    after_failures: Count | None = None
    """Failures of the incident so far, including the first."""
    to: Severity

    @model_validator(mode="after")
    def _upwards(self) -> "Escalation":
        if (self.after_hours is None) == (self.after_failures is None):
            raise ValueError("needs either after_hours or after_failures")
        if SEVERITIES.index(self.to) <= SEVERITIES.index(self.severity):
            raise ValueError(f"to: '{self.to}' is not more severe than '{self.severity}'")
        return self


class QuietRule(Record):
    """Failures that open an incident without a notice."""

    assets: Pattern
    checks: tuple[SafeName, ...] | None = None
    """The checks of these assets; every failure of the assets where absent."""
    unless: Literal["regressed"] | None = None
    """``regressed``: a notice is still sent if the check had passed before."""


class RateLimit(Record):
    """The most notices that a target gets in some minutes; the target ``file`` gets all."""

    notices: Count = 20
    minutes: float = Field(default=60.0, gt=0)


class Freshness(Record):
    """When an external source is overdue."""

    source: Source
    """``comments`` (SG_RAW) or ``toxigen`` (SG_TOXIGEN_DIR)."""
    max_age_hours: float = Field(gt=0)
    """Hours since its content last changed."""
    severity: Literal["warning", "error"] = "warning"


class Alerts(Record):
    """The declarations of alerts, for one profile."""

    dagster_url: str = Field(default="http://127.0.0.1:3000", pattern=r"^https?://[^\s<>]+$")
    """The address of the Dagster UI, for links."""
    owners: tuple[OwnerRule, ...] = ()
    """Owners of assets; the first entry that matches an asset counts."""
    routes: tuple[Route, ...] = ()
    """Where notices are sent. Without routes, incidents are recorded and no notice is sent."""
    escalate: tuple[Escalation, ...] = ()
    quiet: tuple[QuietRule, ...] = ()
    rate_limit: RateLimit = RateLimit()
    hold_muted_minutes: float = Field(default=60.0, gt=0)
    """Minutes that failures caused by another failure have to recover after that failure has recovered; then notices of
    them are sent."""
    freshness: tuple[Freshness, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> "Alerts":
        sources = [freshness.source for freshness in self.freshness]
        for source in sources:
            if sources.count(source) > 1:
                raise ValueError(f"freshness: '{source}' is declared twice")
        owners = {rule.owner for rule in self.owners}
        for name in (owner for route in self.routes for owner in route.owners or ()):
            if name not in owners:
                raise ValueError(f"routes: '{name}' owns no asset. {nearest(name, owners)}")
        return self

    def owner_of(self, asset: str) -> str | None:
        """Who looks after an asset."""
        return next((rule.owner for rule in self.owners if fnmatchcase(asset, rule.assets)), None)

    def max_age(self, source: Source) -> Freshness | None:
        """The declared freshness of a source."""
        return next((freshness for freshness in self.freshness if freshness.source == source), None)


def for_profile(content: Mapping[str, Any], profile: str, profiles: Collection[str], where: str) -> dict[str, Any]:
    """The file's content for one profile: keys under ``profiles`` replace the same keys of the file.

    Raises:
        SgAssetsError: it names an unknown profile, or has no keys for one.
    """
    shared = {key: value for key, value in content.items() if key != "profiles"}
    own = content.get("profiles", {})
    if not isinstance(own, dict) or not all(isinstance(keys, dict) for keys in own.values()):
        raise SgAssetsError("must hold `profile: {key: value}`", where=f"{where}, profiles")
    for name in own:
        if name not in profiles:
            raise SgAssetsError(f"unknown profile '{name}'", where=f"{where}, profiles", remedy=nearest(name, profiles))
    return {**shared, **own.get(profile, {})}


def unknown_assets(alerts: Alerts, assets: Collection[str], where: str) -> list[SgAssetsError]:
    """Patterns and groups that no asset matches, as errors that name the nearest match."""
    groups = {asset.split("/")[0] for asset in assets}
    return [
        *_unmatched("owners", (rule.assets for rule in alerts.owners), assets, groups, where),
        *_unmatched("quiet", (rule.assets for rule in alerts.quiet), assets, groups, where),
        *(
            SgAssetsError(f"unknown group '{name}'", where=f"{where}, routes", remedy=nearest(name, groups))
            for route in alerts.routes
            for name in route.groups or ()
            if name not in groups
        ),
    ]


def _unmatched(
    key: str, patterns: Iterable[str], assets: Collection[str], groups: Collection[str], where: str
) -> list[SgAssetsError]:
    near = {*assets, *(f"{group}/*" for group in groups)}
    return [
        SgAssetsError(f"no asset matches '{pattern}'", where=f"{where}, {key}", remedy=nearest(pattern, near))
        for pattern in patterns
        if not any(fnmatchcase(asset, pattern) for asset in assets)
    ]
