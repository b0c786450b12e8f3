"""Texts that are, mostly, in other tables: benchmark prompts in training data."""

from collections.abc import Mapping
from typing import Any

from sg_assets.declarations.expectations import parsed
from sg_assets.declarations.inspections import Overlap
from sg_assets.quality.findings import Found
from sg_assets.quality.texts import SEEN, count, fill, gather, ids
from sg_assets.store.checks import EXAMPLES
from sg_assets.store.staged import Staged

_OTHERS = "_other_texts"
_KNOWN = "_known_texts"


def overlap(staged: Staged, inspection: Overlap, values: Mapping[str, Any]) -> Found:
    """Texts most of whose pieces, words in a row, are in tables that this one was made from."""
    evaluated = gather(staged, inspection, values)
    readable = [one for one in inspection.against if _can_read(staged, one)]
    if not readable:
        return Found(evaluated, 0, inspection.at_most, compared_with=0)
    union = " UNION ALL ".join(f"SELECT text FROM (\n{one}\n)" for one in readable)
    fill(staged.connection, _OTHERS, f"SELECT DISTINCT text FROM ({union}) WHERE text IS NOT NULL", values)
    found = f"""
        WITH others AS (SELECT DISTINCT unnest({_pieces(inspection.words)}) AS piece FROM {_OTHERS}),
        mine AS (SELECT id, unnest({_pieces(inspection.words)}) AS piece FROM {SEEN})
        SELECT id FROM mine LEFT JOIN others USING (piece)
        GROUP BY id HAVING count(others.piece) >= {inspection.share} * count(*)
    """
    fill(staged.connection, _KNOWN, found, {})
    failing, others = count(staged.connection, _KNOWN), count(staged.connection, _OTHERS)
    examples = ids(staged.connection, f"FROM {_KNOWN} ORDER BY id LIMIT {EXAMPLES}")
    return Found(evaluated, failing, inspection.at_most, examples, compared_with=others)


def _can_read(staged: Staged, select: str) -> bool:
    tables = parsed(select, "against").tables
    return all(staged.can_read(asset) for asset in tables)


def _pieces(words: int) -> str:
    """SQL for the pieces of ``text``: hashes of so many words in a row, or of all where there are fewer."""
    split = r"regexp_extract_all(lower(text), '[\p{L}\p{N}]+')"
    places = f"range(1, greatest(2, len({split}) - {words - 2}))"
    return f"list_transform({places}, lambda place: hash({split}[place : place + {words - 1}]))"
