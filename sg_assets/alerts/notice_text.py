"""The text of a notice: the subject, its old and new value, links. Never an item's text."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from ulid import ULID

from sg_assets.alerts.incidents import IncidentChange, Notice, RunOutcome, Subject
from sg_assets.alerts.rules import AlertRules, worst
from sg_assets.text.lists import first_with_count

_MOST_LISTED = 20


def notice_of(changes: Sequence[IncidentChange], rules: AlertRules, outcome: RunOutcome, now: datetime) -> Notice:
    """One notice for changes that came together."""
    ended = all(change.kind == "recovered" for change in changes)
    identity = str(ULID())
    return Notice(
        id=identity,
        at=now,
        kind="recovered" if ended else "opened",
        severity=worst(change.incident.severity for change in changes),
        title=f"{rules.profile}: {_title(changes)}",
        body="\n".join(_body(changes, rules, outcome, identity)),
        run=outcome.run,
        changes=tuple(changes),
    )


def held_back_notice(notices: Sequence[Notice], rules: AlertRules, now: datetime) -> Notice:
    """One notice in place of notices that the rate limit held back."""
    identity, limit = str(ULID()), rules.declared.rate_limit
    titles = first_with_count([f"- {notice.title}" for notice in notices], _MOST_LISTED)
    return Notice(
        id=identity,
        at=now,
        kind="held_back",
        severity=worst(notice.severity for notice in notices),
        title=f"{rules.profile}: {len(notices)} notices were held back",
        body="\n".join(
            [
                f"More than {limit.notices} came within {limit.minutes:g} minutes. Not sent:",
                *titles,
                "`sg-assets alerts` lists the open incidents.",
                f"notice {identity}",
            ]
        ),
    )


def _title(changes: Sequence[IncidentChange]) -> str:
    first, *others = changes
    severity = "" if first.kind == "recovered" else f" ({first.incident.severity})"
    title = f"{first.kind}{severity}: {first.incident.subject}"
    return f"{title}, and {len(others)} more" if others else title


def _body(changes: Sequence[IncidentChange], rules: AlertRules, outcome: RunOutcome, identity: str) -> list[str]:
    url = rules.declared.dagster_url.rstrip("/")
    lines = [line for change in changes[:_MOST_LISTED] for line in _change_lines(change, url)]
    if len(changes) > _MOST_LISTED:
        lines.append(f"and {len(changes) - _MOST_LISTED} more: `sg-assets alerts`")
    if outcome.left_out:
        lines.append(f"{outcome.left_out} more assets of the run were not made.")
    if outcome.run is not None:
        lines.append(f"run: {url}/runs/{quote(outcome.run)}")
    return [*lines, f"notice {identity}"]


def _change_lines(change: IncidentChange, url: str) -> list[str]:
    incident = change.incident
    lines = [f"{change.kind} ({incident.severity}): {incident.subject}"]
    lines.append(f"  now: {change.now or _default_value(change)}")
    lines.append(f"  before: {change.before or 'not known'}")
    if change.kind == "escalated":
        lines.append(f"  open since {incident.opened:%Y-%m-%d %H:%M} UTC, failed {incident.failures} times")
    if incident.subject.asset is not None:
        lines.append(f"  asset: {_asset_page(incident.subject, url)}")
    owner = f", owner {incident.owner}" if incident.owner else ""
    return [*lines, f"  incident {incident.id}{owner}"]


def _default_value(change: IncidentChange) -> str:
    return "passed" if change.kind == "recovered" else "failed"


def _asset_page(subject: Subject, url: str) -> str:
    if subject.kind == "check":
        view = {"view": "checks"}
    else:
        view = {} if subject.partition is None else {"view": "partitions", "partition": subject.partition}
    return f"{url}/assets/{quote(subject.asset or '')}" + (f"?{urlencode(view)}" if view else "")
