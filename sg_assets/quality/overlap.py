"""Texts that occur, for the most part, in other tables: benchmark prompts in training data."""

from collections.abc import Mapping
from typing import Any

from sg_assets.declarations.records.expectations import parsed
from sg_assets.declarations.records.inspections import Overlap
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import SEEN, count, fill, gather, ids
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

_OTHERS = "_other_texts"
_KNOWN = "_known_texts"


def overlap(staged: StagedTable, inspection: Overlap, values: Mapping[str, Any]) -> TextMatches:
    """Texts most of whose pieces, words in a row, occur in tables that this table was made from."""
    evaluated = gather(staged, inspection, values)
    readable = [query for query in inspection.against if _can_read(staged, query)]
    if not readable:
        return TextMatches(evaluated, 0, inspection.at_most, compared_with=0)
    union = " UNION ALL ".join(f"SELECT text FROM (\n{query}\n)" for query in readable)
    fill(staged.connection, _OTHERS, f"SELECT DISTINCT text FROM ({union}) WHERE text IS NOT NULL", values)
    pieces = f"unnest({_pieces(inspection.words)})"
    known = f"""
        WITH mine AS MATERIALIZED (SELECT id, {pieces} AS piece FROM ({_split(SEEN)})),
        others AS (
          SELECT DISTINCT piece FROM (SELECT {pieces} AS piece FROM ({_split(_OTHERS)}))
          WHERE piece IN (SELECT piece FROM mine)
        )
        SELECT id FROM mine LEFT JOIN others USING (piece)
        GROUP BY id HAVING count(others.piece) >= {inspection.share} * count(*)
    """
    fill(staged.connection, _KNOWN, known, {})
    failing, others = count(staged.connection, _KNOWN), count(staged.connection, _OTHERS)
    examples = ids(staged.connection, f"FROM {_KNOWN} ORDER BY id LIMIT {EXAMPLES}")
    return TextMatches(evaluated, failing, inspection.at_most, examples, compared_with=others)


def _can_read(staged: StagedTable, select: str) -> bool:
    tables = parsed(select, "against").tables
    return all(staged.can_read(asset) for asset in tables)


def _split(table: str) -> str:
    """A SELECT of texts as hashed words; apart, since a lambda would split the text again for every piece."""
    words = r"regexp_extract_all(lower(text), '[\p{L}\p{N}]+')"
    return f"SELECT *, list_transform({words}, lambda word: hash(word)) AS words FROM {table}"


def _pieces(length: int) -> str:
    """SQL for the pieces of ``words``: so many in a row, hashed together, or all where there are fewer."""
    # Naming each word is several times quicker than slicing the list; those beyond its end are NULL.
    named = ", ".join(f"words[place + {position}]" for position in range(length))
    return f"list_transform(range(1, greatest(2, len(words) - {length - 2})), lambda place: hash({named}))"
