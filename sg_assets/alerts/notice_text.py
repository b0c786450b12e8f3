"""What a notice says: what, where, old and new value, links. Never an item's text."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from ulid import ULID

from sg_assets.alerts.incidents import Change, Notice, Report, Subject
from sg_assets.alerts.rules import Rules, worst

_MOST_LISTED = 20


def notice_of(changes: Sequence[Change], rules: Rules, report: Report, now: datetime) -> Notice:
    """One notice of changes that came together."""
    ended = all(one.what == "recovered" for one in changes)
    identity = str(ULID())
    return Notice(
        id=identity,
        at=now,
        kind="recovered" if ended else "opened",
        severity=worst(one.incident.severity for one in changes),
        title=f"{rules.profile}: {_title(changes)}",
        body="\n".join(_body(changes, rules, report, identity)),
        run=report.run,
        changes=tuple(changes),
    )


def held_back(notices: Sequence[Notice], rules: Rules, now: datetime) -> Notice:
    """One notice in place of those that were held back."""
    identity, limit = str(ULID()), rules.declared.rate_limit
    titles = [f"- {one.title}" for one in notices[:_MOST_LISTED]]
    more = len(notices) - len(titles)
    return Notice(
        id=identity,
        at=now,
        kind="held_back",
        severity=worst(one.severity for one in notices),
        title=f"{rules.profile}: {len(notices)} notices were held back",
        body="\n".join(
            [
                f"More than {limit.notices} came within {limit.minutes:g} minutes. Not sent:",
                *titles,
                *([f"and {more} more"] if more else []),
                "`sg-assets alerts` lists what is open.",
                f"notice {identity}",
            ]
        ),
    )


def _title(changes: Sequence[Change]) -> str:
    first, *others = changes
    severity = "" if first.what == "recovered" else f" ({first.incident.severity})"
    told = f"{first.what}{severity}: {first.incident.subject}"
    return f"{told}, and {len(others)} more" if others else told


def _body(changes: Sequence[Change], rules: Rules, report: Report, identity: str) -> list[str]:
    url = rules.declared.dagster_url.rstrip("/")
    lines = [line for one in changes[:_MOST_LISTED] for line in _told(one, url)]
    if len(changes) > _MOST_LISTED:
        lines.append(f"and {len(changes) - _MOST_LISTED} more: `sg-assets alerts`")
    if report.left_out:
        lines.append(f"{report.left_out} more assets of the run were not made.")
    if report.run is not None:
        lines.append(f"run: {url}/runs/{quote(report.run)}")
    return [*lines, f"notice {identity}"]


def _told(change: Change, url: str) -> list[str]:
    incident = change.incident
    lines = [f"{change.what} ({incident.severity}): {incident.subject}"]
    lines.append(f"  now: {change.now or _unsaid(change)}")
    lines.append(f"  before: {change.before or 'nothing known'}")
    if change.what == "escalated":
        lines.append(f"  open since {incident.opened:%Y-%m-%d %H:%M} UTC, failed {incident.failures} times")
    if incident.subject.asset is not None:
        lines.append(f"  asset: {_asset_page(incident.subject, url)}")
    owner = f", owner {incident.owner}" if incident.owner else ""
    return [*lines, f"  incident {incident.id}{owner}"]


def _unsaid(change: Change) -> str:
    return "passed" if change.what == "recovered" else "failed"


def _asset_page(subject: Subject, url: str) -> str:
    if subject.kind == "check":
        view = {"view": "checks"}
    else:
        view = {} if subject.partition is None else {"view": "partitions", "partition": subject.partition}
    return f"{url}/assets/{quote(subject.asset or '')}" + (f"?{urlencode(view)}" if view else "")
