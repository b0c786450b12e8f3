"""Drift: how a staged table differs, as a whole, from the published version it would replace."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from sg_assets.declarations.records.inspections import LabelDrift, LengthDrift, RowsLost, VocabularyDrift
from sg_assets.errors import SgAssetsError
from sg_assets.quality.findings import DriftFinding, Finding, NotCompared
from sg_assets.quality.text_columns import fill
from sg_assets.store.audit.staged_table import StagedTable
from sg_assets.store.engine import parquet
from sg_assets.store.fingerprints import quote

_Row = tuple[Any, ...]


def rows_lost(staged: StagedTable, inspection: RowsLost, _: Mapping[str, Any]) -> Finding:
    """The share of rows lost since the published version."""

    def compare(published: Path) -> Finding:
        now, before = (_first_row(staged, version, "SELECT count(*) FROM this")[0] for version in (None, published))
        return DriftFinding(before, now, max(0.0, 1 - now / before) if before else 0.0, inspection.at_most)

    return _compared(staged, compare)


def label_drift(staged: StagedTable, inspection: LabelDrift, _: Mapping[str, Any]) -> Finding:
    """The label whose share of the rows changed most."""
    shares = f"""
        SELECT map_from_entries(list((label, share))) FROM (
          SELECT {quote(inspection.column)}::VARCHAR AS label, count(*) / sum(count(*)) OVER () AS share
          FROM this WHERE label IS NOT NULL GROUP BY label
        )
    """

    def compare(published: Path) -> Finding:
        now, before = ((_first_row(staged, version, shares)[0] or {}) for version in (None, published))
        if not before or not now:
            return NotCompared("no labels")
        most = max(sorted(before.keys() | now), key=lambda label: abs(now.get(label, 0) - before.get(label, 0)))
        was, is_ = before.get(most, 0.0), now.get(most, 0.0)
        return DriftFinding(was, is_, abs(is_ - was), inspection.at_most)

    return _compared(staged, compare)


def length_drift(staged: StagedTable, inspection: LengthDrift, values: Mapping[str, Any]) -> Finding:
    """By which factor the mean length of texts grew or shrank."""
    mean = f"SELECT avg(length(({inspection.text}))) FROM this"

    def compare(published: Path) -> Finding:
        now, before = (_first_row(staged, version, mean, values)[0] for version in (None, published))
        if not before or not now:
            return NotCompared("no texts")
        return DriftFinding(before, now, max(now / before, before / now), inspection.factor)

    return _compared(staged, compare)


def vocabulary_drift(staged: StagedTable, inspection: VocabularyDrift, values: Mapping[str, Any]) -> Finding:
    """The share of words, with repetitions, that are new; the finding holds the counts of known and present words."""
    counted = _words(f"SELECT ({inspection.text}) AS text FROM this")
    new = """
        SELECT (SELECT count(*) FROM _words_published), coalesce(sum(staged.times), 0),
          coalesce(sum(staged.times) FILTER (published.word IS NULL), 0)
        FROM _words_staged AS staged LEFT JOIN _words_published AS published USING (word)
    """

    def compare(published: Path) -> Finding:
        fill(staged.connection, "_words_staged", counted, values)
        with _of_published(published, counted) as of_published:
            fill(staged.connection, "_words_published", of_published, values)
        known, now, unknown = _first_row(staged, None, new)
        return DriftFinding(known, now, unknown / now if now else 0.0, inspection.at_most)

    return _compared(staged, compare)


def _words(texts: str) -> str:
    """A SELECT of each word of texts with its count."""
    # Letters are matched once per distinct piece between spaces, not once per text: several times quicker.
    pieces = f"SELECT piece, count(*) AS times FROM (SELECT unnest(string_split(text, ' ')) AS piece FROM ({texts}))"
    words = r"unnest(regexp_extract_all(lower(piece), '[\p{L}\p{N}]+'))"
    return (
        f"SELECT word, sum(times)::BIGINT AS times FROM (SELECT {words} AS word, times FROM ({pieces} GROUP BY piece)) "
        "GROUP BY word"
    )


class _OtherColumnsError(Exception):
    """The published version lacks the compared columns."""


def _compared(staged: StagedTable, compare: Callable[[Path], Finding]) -> Finding:
    try:
        published = staged.ancestry.published if staged.ancestry else None
    except SgAssetsError as error:
        return NotCompared(f"the published version cannot be read: {error.what}")
    if published is None:
        return NotCompared("nothing is published yet")
    try:
        return compare(published)
    except _OtherColumnsError:
        return NotCompared("the published version has other columns")


def _first_row(
    staged: StagedTable, published: Path | None, select: str, values: Mapping[str, Any] | None = None
) -> _Row:
    """The single row of a SELECT over the staged table, or over a published table in its place."""
    if published is None:
        return _row(staged, select, values or {})
    with _of_published(published, select) as of_published:
        return _row(staged, of_published, values or {})


def _row(staged: StagedTable, select: str, values: Mapping[str, Any]) -> _Row:
    [statement] = staged.connection.extract_statements(select)
    named = {name: values[name] for name in statement.named_parameters}
    [row] = staged.connection.execute(statement, named).fetchall()
    return tuple(row)


@contextmanager
def _of_published(published: Path, select: str) -> Iterator[str]:
    """A SELECT over the staged table, rewritten for a published table."""
    try:
        yield f"WITH this AS (SELECT * FROM {parquet([published])}) {select}"
    except duckdb.BinderException as error:
        raise _OtherColumnsError from error
