"""Drawn answers and labels as the store has them."""

import fcntl
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sg_assets.declarations.asset_names import ANSWER_LABELS, LABEL_SAMPLE
from sg_assets.declarations.kinds.benchmarks import RESPONSES
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.manifests import Manifest
    from sg_assets.store.step import Outcome
    from sg_assets.store.store import Store

Import = Mapping[str, Any]
"""What is recorded of a sheet that was taken in: ``file``, ``annotator``, ``imported``, ``sample``, ``labels``."""
_LONGEST_NAME = 60


def checked_annotator(name: str) -> str:
    """A person's name as it is recorded.

    Raises:
        SgAssetsError: it is empty, long, or has characters that are not shown.
    """
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
        why = f"a name has 1 to {_LONGEST_NAME} characters, all of which can be seen"
        raise SgAssetsError("the labels are of nobody", where="--annotator", why=why, remedy="Name who gave them")
    return plain


def drawn_answers(store: "Store", version: str, where: str) -> "pl.DataFrame":
    """The answers of a sample, with their texts.

    Args:
        store: Where the sample and the answers lie.
        version: The sample.
        where: Names what named the sample, for errors.

    Raises:
        SgAssetsError: it is no sample of this store, or its answers are not stored any more.
    """
    import polars as pl

    from sg_assets.people.label_sample import with_texts
    from sg_assets.store.store import is_version

    sample = store.find(version) if is_version(version) else None
    if sample is None or sample.asset != LABEL_SAMPLE:
        why = "a sheet names the sample that it was written from in the column 'sample'"
        remedy = "Import it into the profile and home that wrote it, with that column as it was"
        raise SgAssetsError("the sheet is of no sample that is known here", where=where, why=why, remedy=remedy)
    return with_texts(store, pl.read_parquet(store.path(sample)), answers_of(store, sample))


def answers_of(store: "Store", sample: "Manifest") -> "dict[str, list[Manifest]]":
    """The versions of answers that a sample was drawn from, by asset."""
    versions: dict[str, list[Manifest]] = {}
    for pin in sample.inputs:
        if pin.ref.schema == RESPONSES.schema:
            versions.setdefault(pin.asset, []).append(store.manifest(pin.ref, pin.version))
    return versions


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Take in one sheet at a time on this machine; the lock goes with the process that holds it."""
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "labels.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def add_labels(
    store: "Store",
    labels: "pl.DataFrame",
    taken: Import,
    publish: "Callable[[pl.DataFrame, Sequence[Import]], Outcome]",
) -> "Outcome | None":
    """Publish the labels so far with those of one more sheet; None where the person's sheet was taken in before.

    Another machine may publish at the same time. Then the version that came between is merged and published again: no
    labels are lost.

    Args:
        store: Where labels are published.
        labels: Those of the sheet.
        taken: What is recorded of it.
        publish: Publishes all labels, of the imports that it is given.
    """
    import polars as pl

    ref = Ref.parse(ANSWER_LABELS)
    base = store.head(ref)
    imports = _imports(base)
    if any((known["file"], known["annotator"]) == (taken["file"], taken["annotator"]) for known in imports):
        return None
    frames, imports = [*_frames(store, base), labels], [*imports, taken]
    while True:
        outcome = publish(pl.concat(frames), imports)
        last = store.heads.entries(ref)[-1]
        between = last.replaces if last.version == outcome.manifest.version else last.version
        if between is None or (base is not None and between == base.version):
            return outcome
        other, base = store.manifest(ref, between), outcome.manifest
        new = [known for known in _imports(other) if known not in imports]
        if not new:
            return outcome
        frames = [pl.concat([*frames, *_frames(store, other)]).unique()]
        imports = [*new, *imports]


def _imports(version: "Manifest | None") -> list[Import]:
    return [] if version is None else list(version.parameters["imports"])


def _frames(store: "Store", version: "Manifest | None") -> "list[pl.DataFrame]":
    import polars as pl

    return [] if version is None else [pl.read_parquet(store.path(version))]
