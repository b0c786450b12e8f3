"""A comparison as markdown: whole, and in a few lines for the Dagster UI."""

import re
from collections.abc import Iterator

from sg_assets.lineage.causes import Cause
from sg_assets.lineage.render import why_text
from sg_assets.lineage.why import Score, TableChange, Why
from sg_assets.store.manifests import PinnedInput

_MAIN = 3


def document(why: Why) -> str:
    """The whole comparison."""
    return "\n".join(_lines(why)) + "\n"


def summary(why: Why) -> str:
    """The main causes, a line per rate, and the command that shows all of it."""
    causes = why.explanation.causes
    lines = [f"- {_cause(cause)}" for cause in causes[:_MAIN]]
    if len(causes) > _MAIN:
        lines.append(f"- and {len(causes) - _MAIN} more")
    lines += ["", *(f"- {_score_line(score)}" for score in why.whole)]
    lines += [f"- {escaped(told)}" for told in (*why.lost, *why.notes)]
    return "\n".join([*lines, "", f"All of it: `{command(why.explanation.before, why.explanation.after)}`"])


def command(before: PinnedInput, after: PinnedInput) -> str:
    """The command that makes a comparison again."""
    against = "" if before.ref == after.ref else f" --against '{before.ref}'"
    return f"sg-assets why '{after.ref}'{against} --from {before.version} --to {after.version}"


def escaped(text: str) -> str:
    """Text that shows as it is written: no markup, no HTML, no new line."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|!#~>])", r"\\\1", flat)


def _lines(why: Why) -> Iterator[str]:
    before, after = why.explanation.before, why.explanation.after
    yield f"# Why {escaped(str(after.ref))} differs"
    yield f"\nFrom `{before.ref}` `{before.version}` to `{after.ref}` `{after.version}`.\n\n{why_text.headline(why)}"
    yield from (f"\n{escaped(note)}" for note in why.notes)
    if why.explanation.causes:
        yield "\n## Causes\n"
    for cause in why.explanation.causes:
        yield f"- {_cause(cause)}"
        if diff := why_text.diff(cause):
            yield _fenced(diff)
    if len(why.explanation.changed) > 1:
        yield "\n## The way\n"
        for depth, name, told in why_text.tree(why.explanation):
            yield f"{'  ' * depth}- {escaped(name)}{' (above)' if told else ''}"
    for score in why.whole:
        yield from _score(score)
    yield from _parts(why)
    if why.tables:
        yield "\n## Rows\n"
    for table in why.tables:
        yield from _rows(table)
    yield from _notes(why)


def _cause(cause: Cause) -> str:
    note = f" {escaped(cause.note)}" if cause.note else ""
    return f"**{escaped(why_text.cause(cause))}** at {escaped(', '.join(cause.places))}.{note}"


def _fenced(diff: list[str]) -> str:
    """A fence longer than any run of backticks inside it."""
    longest = max((len(run) for line in diff for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join(f"  {line}" for line in [f"{fence}diff", *diff, fence])


def _score_line(score: Score) -> str:
    verdict = score.significance.verdict.value
    lines = ", ".join(f"{line.what} {line.change}" for line in why_text.ledger_lines(score.change))
    return f"{escaped(why_text.score_title(score))}: **{verdict}**. {escaped(lines)}".rstrip()


def _score(score: Score) -> Iterator[str]:
    yield f"\n## {escaped(why_text.score_title(score))}\n"
    yield f"**{score.significance.verdict.value}**: {escaped(why_text.interval(score.significance))}.\n"
    yield "| part | items | change |\n|---|---|---:|"
    for line in why_text.ledger_lines(score.change):
        yield f"| {line.what} | {line.items} | {line.change} |"
    yield f"| together | | {why_text.together(score.change)} |\n"
    for flip in score.flips:
        yield f"- `{flip.item}` {escaped(why_text.flip_line(flip))}"
        if flip.texts is not None:
            told = (flip.texts.prompt_after, flip.texts.response_before, flip.texts.response_after)
            for name, text in zip(("asked", "before", "after"), told, strict=True):
                yield f"  - {name}: {escaped(why_text.shown_text(text))}"


def _parts(why: Why) -> Iterator[str]:
    if why.parts:
        moved = why_text.beyond_noise(why)
        yield f"\n## Parts of a label: {len(moved)} of {len(why.parts)} moved by more than noise\n\n{why_text.CHANCE}\n"
        for score in moved:
            yield f"- {escaped(why_text.score_title(score))}"


def _rows(table: TableChange) -> Iterator[str]:
    yield f"- **{escaped(table.name)}**: {escaped(why_text.rows_line(table))}"
    if table.rows is None:
        return
    if columns := why_text.columns_line(table.rows):
        yield f"  - columns: {escaped(columns)}"
    for one in table.rows.slices:
        yield f"  - {escaped(why_text.slice_line(one))}"
    for sample in table.rows.samples:
        values = "; ".join(
            f"{name}: {why_text.shown_text(a)} -> {why_text.shown_text(b)}" for name, a, b in sample.values
        )
        yield f"  - {sample.fate.value} {escaped(', '.join(sample.key))}{f': {escaped(values)}' if values else ''}"


def _notes(why: Why) -> Iterator[str]:
    told = [*(f"gone: {one}" for one in why.only_before), *(f"new: {one}" for one in why.only_after), *why.lost]
    if told:
        yield "\n## Notes\n"
    for one in told:
        yield f"- {escaped(one)}"
