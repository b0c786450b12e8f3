"""Source texts side by side: modules by their normal form, SQL by its canonical text."""

import re
from collections.abc import Iterator

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.values import text_diff
from sg_assets.store.code import normal_form
from sg_assets.store.manifests import Code
from sg_assets.store.store import Store

_DIGEST = re.compile(r"[0-9a-f]{32}")


def code_causes(store: Store, place: str, before: Code, after: Code) -> Iterator[Cause]:
    """A cause per module or query whose behaviour can differ; what only reads otherwise is none."""
    if before.fingerprint == after.fingerprint:
        return
    names = sorted(before.texts.keys() | after.texts.keys())
    if not names:
        yield Cause(Kind.UNKNOWN, (place,), "code", note="It changed. Which part did is not recorded.")
    for name in names:
        old, new = before.texts.get(name), after.texts.get(name)
        if old != new:
            yield from _differing(store, place, name, old, new)


def _differing(store: Store, place: str, name: str, old: str | None, new: str | None) -> Iterator[Cause]:
    was, now = kept_text(store, old), kept_text(store, new)
    if (old and was is None) or (new and now is None):
        yield Cause(Kind.UNKNOWN, (place,), name, note="A text of it is not kept: what changed in it cannot be known.")
        return
    if was is not None and now is not None and _normal(name, was) == _normal(name, now):
        return
    diff = text_diff(name, _shown(name, was or ""), _shown(name, now or ""))
    kind = Kind.SQL if _is_query(name) else Kind.CODE
    yield Cause(kind, (place,), name, _short(old), _short(new), diff)


def kept_text(store: Store, digest: str | None) -> str | None:
    """A source text by its digest; None where it was not kept."""
    if digest is None or not _DIGEST.fullmatch(digest):
        return None
    try:
        return store.files.read(f"code/{digest}.txt").decode()
    except FileNotFoundError:
        return None


def _is_query(name: str) -> bool:
    """Queries are named by the file that declares them, modules by their import name."""
    return "/" in name


def _normal(name: str, text: str) -> str:
    if _is_query(name):
        return text
    try:
        return normal_form(text)
    except SyntaxError:  # written for another Python
        return text


def _shown(name: str, text: str) -> str:
    """A text in lines: canonical SQL is one long line."""
    if not _is_query(name) or not text:
        return text
    import sqlglot

    try:
        return sqlglot.parse_one(text, dialect="duckdb").sql(dialect="duckdb", pretty=True)
    except sqlglot.errors.SqlglotError:
        return text


def _short(digest: str | None) -> str | None:
    return None if digest is None else digest[:8]
