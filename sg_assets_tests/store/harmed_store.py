"""A finished store with a record of every kind, to harm and mend."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sg_assets.code.stored_listing import text_digest
from sg_assets.store.catalogue import rebuild
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import Code
from sg_assets.store.marks import Mark
from sg_assets.store.partition_names import refs_with_versions
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.recipes import Recipe
from sg_assets.store.record_checks import damaged_records
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.verification import verified
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.steps import ROWS, at_most, recipe, step, writing

SQL = "SELECT * FROM raw.t"
PARTS = ("store.json", "manifests/*/*/*/*", "heads/*/*/*/*", "marks/*/*/*/*", "quarantine/*/*/*/*", "code/*",
         "runs/*/*", "objects/*/*/*", "artifacts/*/*/*/*", "registry.duckdb", "copies/**/*.json")  # fmt: skip


def by_sql() -> Recipe:
    """A recipe with a stored text."""
    digest = text_digest(SQL)
    return replace(recipe(), code=Code(fingerprint="sql", texts={"sql/raw/u.sql": digest}), code_texts={digest: SQL})


def make_model(space: Workspace) -> None:
    space.result_folder.mkdir()
    for name in ("config.json", "weights"):
        (space.result_folder / name).write_text(f"{name} " * 20)


def build(store: Store, run_id: str) -> None:
    """Bring everything up to date."""
    step(store, "raw/t", writing(ROWS), run_id=run_id)
    step(store, "raw/u", lambda space: space.write_query(SQL, {}), ["raw/t"], run_id, by_sql())
    step(store, "models/m[a]", make_model, ["raw/u"], run_id, recipe(key=()))
    step(store, "raw/v", lambda space: space.write_table(ROWS.head(2)), ["raw/u", "models/m[a]"], run_id)


def finished_store(folder: Path) -> Store:
    """Four partitions, an earlier version of one, a quarantined version, an acceptance, a catalogue."""
    store = Store(folder / "store", "demo")
    step(store, "raw/t", writing(ROWS.head(1)), run_id="first", made_by=recipe("old"))
    with pytest.raises(QuarantinedError):
        step(store, "raw/q", writing(ROWS), run_id="first", made_by=at_most(1))
    build(store, "second")
    head = store.required_head(Ref.parse("raw/t"))
    now, digest = datetime.now(UTC), recipe("other").digest(head.ref, [])
    store.marks.append(
        head.ref,
        Mark(kind="accepted", version=head.version, at=now, by=this_maker(), why="equal", recipe=digest,
             code=head.code, libraries={}),
    )  # fmt: skip
    rebuild(store)
    return store


def stored_files(store: Store) -> list[str]:
    """The names of all files that a store consists of, by part in turn, so that every part is met early."""
    parts = [sorted(path for path in store.home.glob(pattern) if path.is_file()) for pattern in PARTS]
    longest = max(map(len, parts))
    paths = [part[index] for index in range(longest) for part in parts if index < len(part)]
    return [path.relative_to(store.home).as_posix() for path in paths]


def chosen_files(store: Store, number: int, seed: int) -> list[str]:
    """A number of files, each part among them, chosen by a seed."""
    names = stored_files(store)
    first = names[: len(PARTS)]
    others = [*names[len(PARTS) :], *names]
    return [*first, *random.Random(seed).choices(others, k=max(0, number - len(first)))][:number]


def named_damages(store: Store) -> list[str]:
    """The names of everything that `verify` would name."""
    records = [record.name for record in damaged_records(store)]
    contents = [content.version.object for content in verified(store, refs_with_versions(store)) if content.differences]
    return [*records, *contents]


def fingerprints(store: Store) -> dict[str, str]:
    """What is current, by partition."""
    return {str(ref): store.required_head(ref).fingerprint for ref in store.refs()}
