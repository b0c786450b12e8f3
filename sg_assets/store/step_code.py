"""Code as an input: a fingerprint that moves when what decides a result does, and the texts behind it."""

import platform
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from sg_assets.code.closure import Closure, Entry, definition_of, installed_analysis
from sg_assets.code.ignored_libraries import libraries
from sg_assets.code.modules import Definition
from sg_assets.code.stored_listing import (
    StoredPackage,
    installed_package_as_stored,
    listing_text,
    text_digest,
)
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Code

PYTHON = ".".join(platform.python_version_tuple()[:2])
"""The minor version of Python that runs."""


class StepCode(NamedTuple):
    """The code of a step as it is installed."""

    record: Code
    texts: Mapping[str, str]
    """Digest to text, for keeping under ``code/``."""
    libraries: tuple[str, ...]
    """Distributions that the definitions use and whose version can move the result."""


def code_of(entries: Iterable[Entry], queries: Iterable[tuple[str, str]] = ()) -> StepCode:
    """The code record of what a step runs.

    Args:
        entries: Functions and classes of the package: all that they reach counts.
        queries: Canonical SQL and other texts that the step reads, by the name of their file.
    """
    return _code_of(tuple(sorted({definition_of(item) for item in entries})), tuple(queries))


@cache
def _code_of(entries: tuple[Definition, ...], queries: tuple[tuple[str, str], ...]) -> StepCode:
    # The same code serves every partition of an asset.
    return record_of(installed_analysis().closure(entries), installed_package_as_stored(), queries)


def record_of(closure: Closure, package: StoredPackage, queries: Iterable[tuple[str, str]] = ()) -> StepCode:
    """The code of definitions and texts."""
    listing = listing_text(closure, package.digest)
    texts = {name: (text_digest(text), text) for name, text in queries}
    named = {name: digest for name, (digest, _) in texts.items()}
    record = Code(
        # Texts count by content: where a file lies decides nothing.
        fingerprint=json_digest({"definitions": closure.fingerprint, "texts": sorted(named.values())}),
        texts=named,
        definitions=closure.fingerprint,
        listing=text_digest(listing),
        python=PYTHON,
    )
    kept = {**package.texts, text_digest(listing): listing, **dict(texts.values())}
    return StepCode(record, kept, libraries(closure.externals))
