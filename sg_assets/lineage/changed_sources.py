"""Source texts compared: definitions by their normal form, SQL by its canonical text.

Earlier versions recorded whole modules (manifests without a listing) and are compared by them. A version of each way
cannot be compared by its Python code: the cause reported is that they are recorded differently.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from sg_assets.code.module_forms import normal_form
from sg_assets.errors import DamagedStoreError
from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_definitions import changed_definitions
from sg_assets.lineage.changed_values import text_diff
from sg_assets.store.manifests import Code
from sg_assets.store.store import Store
from sg_assets.store.stored_sources import stored_text

_NOT_STORED = "A text is gone or damaged: the edit cannot be shown."
_NO_LISTING = "The listing of its definitions is gone or damaged: which of them changed is not known."
_RECORDED = "One version records its code by modules, the other by definitions: no edit is known."
_EARLIER_FORM = "The two releases use different normal forms: no edit is known."
_Texts = Mapping[str, str]


def code_causes(
    store: Store, partition: str, before: Code, after: Code, fresh: _Texts | None = None
) -> Iterator[Cause]:
    """A cause per definition or query that was edited; an edit that leaves the normal form equal is no cause.

    Args:
        store: Holds the texts.
        partition: The asset partition.
        before: The code of a version.
        after: The code of another, or of a version to be made.
        fresh: Texts by digest that are not in the store yet.
    """
    if before.fingerprint == after.fingerprint:
        return
    yield from _queries(store, partition, before, after, fresh or {})
    if before.listing is not None and after.listing is not None:
        if before.definitions != after.definitions:
            yield from _definitions(store, partition, before, after, fresh or {})
    elif before.listing is not None or after.listing is not None:
        yield Cause(Kind.RECORDED, (partition,), "code", note=_RECORDED)
    elif not before.texts and not after.texts:
        yield Cause(Kind.UNKNOWN, (partition,), "code", note="The code changed. Which part of it is not recorded.")


def _definitions(store: Store, partition: str, before: Code, after: Code, fresh: _Texts) -> Iterator[Cause]:
    old, new = (_text(store, code.listing, fresh) for code in (before, after))
    if old is None or new is None:
        yield Cause(Kind.UNKNOWN, (partition,), "code", note=_NO_LISTING)
        return
    try:
        changes = changed_definitions(store, old, new)
    except DamagedStoreError:
        yield Cause(Kind.UNKNOWN, (partition,), "code", note=_NO_LISTING)
        return
    if not changes:
        yield Cause(Kind.RECORDED, (partition,), "code", note=_EARLIER_FORM)
    for change in changes:
        if change.diff is None:
            yield Cause(
                Kind.UNKNOWN, (partition,), change.name, _short(change.old), _short(change.new), note=_NOT_STORED
            )
        else:
            yield Cause(Kind.CODE, (partition,), change.name, _short(change.old), _short(change.new), change.diff)


def _queries(store: Store, partition: str, before: Code, after: Code, fresh: _Texts) -> Iterator[Cause]:
    """SQL and other texts by file; where both sides recorded whole modules, those as well."""
    modules = before.listing is None and after.listing is None
    for name in sorted(before.texts.keys() | after.texts.keys()):
        if before.texts.get(name) != after.texts.get(name) and (modules or is_file(name)):
            yield from _differing(store, partition, name, (before, after), fresh)


def _differing(store: Store, partition: str, name: str, code: tuple[Code, Code], fresh: _Texts) -> Iterator[Cause]:
    old, new = (version.texts.get(name) for version in code)
    was, now = _text(store, old, fresh), _text(store, new, fresh)
    if (old and was is None) or (new and now is None):
        yield Cause(Kind.UNKNOWN, (partition,), name, note=_NOT_STORED)
        return
    if was is not None and now is not None and _normal(name, was) == _normal(name, now):
        return
    diff = text_diff(name, _shown(name, was or ""), _shown(name, now or ""))
    kind = Kind.SQL if name.endswith((".sql", ".yaml")) else Kind.CODE
    yield Cause(kind, (partition,), name, _short(old), _short(new), diff)


def is_file(name: str) -> bool:
    """Queries are named by the file that declares them, modules by their import name."""
    return "/" in name


def _text(store: Store, digest: str | None, fresh: _Texts) -> str | None:
    """None where it is not stored, or damaged."""
    with suppress(DamagedStoreError):
        return fresh.get(digest or "") or stored_text(store, digest)
    return None


def _normal(name: str, text: str) -> str:
    if is_file(name):
        return text
    try:
        return normal_form(text)
    except SyntaxError:  # written for another Python
        return text


def _shown(name: str, text: str) -> str:
    """A text in lines: canonical SQL is a single long line."""
    if not name.endswith((".sql", ".yaml")) or not text:
        return text
    import sqlglot

    try:
        return sqlglot.parse_one(text, dialect="duckdb").sql(dialect="duckdb", pretty=True)
    except sqlglot.errors.SqlglotError:
        return text


def _short(digest: str | None) -> str | None:
    return None if digest is None else digest[:8]
