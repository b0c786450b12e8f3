"""A comparison as Markdown: whole, and in a few lines for the Dagster UI."""

import re
from collections.abc import Iterator

from sg_assets.lineage.causes import Cause
from sg_assets.lineage.render import why_text
from sg_assets.lineage.why import ComparedScore, TableChange, Why
from sg_assets.store.manifests import PinnedInput
from sg_assets.text.markdown import escaped

_MOST_CAUSES = 3
"""Causes listed in a summary."""


def document(why: Why) -> str:
    """The whole comparison."""
    return "\n".join(_lines(why)) + "\n"


def summary(why: Why) -> str:
    """The main causes, a line per rate, and the command that shows the whole comparison."""
    causes = why.explanation.causes
    lines = [f"- {_cause(cause)}" for cause in causes[:_MOST_CAUSES]]
    if len(causes) > _MOST_CAUSES:
        lines.append(f"- and {len(causes) - _MOST_CAUSES} more")
    lines += ["", *(f"- {_score_line(score)}" for score in why.whole)]
    lines += [f"- {escaped(remark)}" for remark in (*why.lost, *why.notes)]
    return "\n".join([*lines, "", f"The whole comparison: `{command(why.explanation.before, why.explanation.after)}`"])


def main_causes(why: Why) -> str:
    """The main causes, and the command that shows the whole comparison."""
    causes = why.explanation.causes
    lines = [f"- {escaped(why_text.cause_line(cause))}" for cause in causes[:_MOST_CAUSES]]
    if len(causes) > _MOST_CAUSES:
        lines.append(f"- and {len(causes) - _MOST_CAUSES} more")
    return "\n".join([*lines, "", f"The whole comparison: `{command(why.explanation.before, why.explanation.after)}`"])


def command(before: PinnedInput, after: PinnedInput) -> str:
    """The command that makes a comparison again."""
    against = "" if before.ref == after.ref else f" --against '{before.ref}'"
    return f"sg-assets why '{after.ref}'{against} --from {before.version} --to {after.version}"


def _lines(why: Why) -> Iterator[str]:
    before, after = why.explanation.before, why.explanation.after
    yield f"# Why {escaped(str(after.ref))} differs"
    yield f"\nFrom `{before.ref}` `{before.version}` to `{after.ref}` `{after.version}`.\n\n{why_text.headline(why)}"
    yield from (f"\n{escaped(note)}" for note in why.notes)
    if why.explanation.causes:
        yield "\n## Causes\n"
    for cause in why.explanation.causes:
        yield f"- {_cause(cause)}"
        if diff := why_text.diff_lines(cause):
            yield _fenced(diff)
    if len(why.explanation.changed) > 1:
        yield "\n## Changed asset partitions\n"
        for depth, name, listed_before in why_text.tree(why.explanation):
            yield f"{'  ' * depth}- {escaped(name)}{' (above)' if listed_before else ''}"
    for score in why.whole:
        yield from _score(score)
    yield from _parts(why)
    if why.tables:
        yield "\n## Rows\n"
    for table in why.tables:
        yield from _rows(table)
    yield from _remarks(why)


def _cause(cause: Cause) -> str:
    note = f" {escaped(cause.note)}" if cause.note else ""
    return f"**{escaped(why_text.cause_line(cause))}** at {escaped(', '.join(cause.places))}.{note}"


def _fenced(diff: list[str]) -> str:
    """A fence longer than any run of backticks inside it."""
    longest = max((len(run) for line in diff for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join(f"  {line}" for line in [f"{fence}diff", *diff, fence])


def _score_line(score: ComparedScore) -> str:
    verdict = score.significance.verdict.value
    parts = ", ".join(f"{line.part} {line.change}" for line in why_text.ledger_lines(score.change))
    return f"{escaped(why_text.score_title(score))}: **{verdict}**. {escaped(parts)}".rstrip()


def _score(score: ComparedScore) -> Iterator[str]:
    yield f"\n## {escaped(why_text.score_title(score))}\n"
    yield f"**{score.significance.verdict.value}**: {escaped(why_text.basis(score.significance))}.\n"
    if why_text.is_compared(score):
        yield "| part | items | change |\n|---|---|---:|"
        for line in why_text.ledger_lines(score.change):
            yield f"| {line.part} | {line.items} | {line.change} |"
        yield f"| total | | {why_text.total_change(score.change)} |\n"
    for flip in score.flips:
        yield f"- `{flip.item}` {escaped(why_text.flip_line(flip))}"
        if flip.texts is not None:
            texts = (flip.texts.prompt_after, flip.texts.response_before, flip.texts.response_after)
            for name, text in zip(("prompt", "answer before", "answer after"), texts, strict=True):
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
    for concentrated in table.rows.slices:
        yield f"  - {escaped(why_text.slice_line(concentrated))}"
    for sample in table.rows.samples:
        values = "; ".join(
            f"{name}: {why_text.shown_text(a)} -> {why_text.shown_text(b)}" for name, a, b in sample.values
        )
        yield f"  - {sample.change.value} {escaped(', '.join(sample.key))}{f': {escaped(values)}' if values else ''}"


def _remarks(why: Why) -> Iterator[str]:
    remarks = why_text.remarks(why)
    if remarks:
        yield "\n## Notes\n"
    for remark in remarks:
        yield f"- {escaped(remark)}"
