"""One step: pin inputs, skip when nothing changed, work, audit, publish."""

import importlib.metadata
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit import check_key
from sg_assets.store.engine import add_views, connect, literal, parquet, query
from sg_assets.store.files import move_content
from sg_assets.store.fingerprints import (
    FOLDER_ALGORITHM,
    TABLE_ALGORITHM,
    file_sha256,
    folder_fingerprint,
    json_digest,
    table_fingerprint,
)
from sg_assets.store.manifests import Code, Column, GitState, Manifest, PinnedInput
from sg_assets.store.pins import agree
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Recipe:
    """All that decides a step's result."""

    code: Code
    code_texts: Mapping[str, str]
    """Digest to text, kept beside the versions."""
    parameters: Mapping[str, Any]
    libraries: Sequence[str] = ()
    """Distributions whose version can move the result."""
    key: tuple[str, ...] = ()
    """For tables: the columns that identify a row, checked before publishing."""


@dataclass
class Workspace:
    """What a work function is given: its inputs, a scratch folder, and where to put its result."""

    ref: Ref
    inputs: Mapping[str, Sequence[Manifest]]
    """Pinned versions by asset."""
    store: Store
    folder: Path
    """Scratch; gone when the step ends."""
    parameters: Mapping[str, Any]
    details: dict[str, Any] = field(default_factory=dict)
    """Counts and costs to keep in the manifest."""

    @property
    def table_file(self) -> Path:
        """Where a table's Parquet file goes."""
        return self.folder / "table.parquet"

    @property
    def result_folder(self) -> Path:
        """Where a folder's files go."""
        return self.folder / "result"

    def input_path(self, asset: str) -> Path:
        """The one pinned version of an input.

        Raises:
            SgAssetsError: the asset is no input, or is read in several partitions.
        """
        pinned = self.inputs.get(asset, ())
        if len(pinned) != 1:
            raise SgAssetsError(f"{self.ref} pins {len(pinned)} versions of {asset}, one was expected")
        return self.store.path(pinned[0])

    def table(self, asset: str) -> pl.DataFrame:
        """An input table as a frame."""
        return pl.read_parquet(self.input_path(asset))

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """DuckDB with one view per input table."""
        with connect() as connection:
            tables = {
                asset: [self.store.path(one) for one in pinned]
                for asset, pinned in self.inputs.items()
                if pinned and pinned[0].kind == "table"
            }
            add_views(connection, tables)
            yield connection

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a SELECT over the inputs.

        Raises:
            SgAssetsError: DuckDB refuses it.
        """
        with self.connection() as connection:
            try:
                return query(connection, sql, parameters)
            except duckdb.Error as error:
                raise SgAssetsError("the SQL failed", where=str(self.ref), why=str(error)) from error

    def write_query(self, sql: str, parameters: Mapping[str, Any]) -> None:
        """Stage the result of a SELECT over the inputs as the table."""
        with self.connection() as connection:
            copy = f"COPY ({sql}\n) TO {literal(self.table_file)} (FORMAT parquet, COMPRESSION zstd)"
            try:
                connection.execute(copy, dict(parameters))
            except duckdb.Error as error:
                raise SgAssetsError("the SQL failed", where=f"sql/{self.ref.asset}.sql", why=str(error)) from error

    def write_table(self, frame: pl.DataFrame) -> None:
        """Stage a frame as the table."""
        frame.write_parquet(self.table_file, compression="zstd")


@dataclass(frozen=True)
class Outcome:
    """What a step ended with."""

    manifest: Manifest
    reused: bool
    """Whether an existing version of the same recipe was confirmed instead of working again."""
    previous: Manifest | None
    """What was current before."""

    @property
    def moved_head(self) -> bool:
        """Whether another version is current now than before."""
        return self.previous is None or self.previous.version != self.manifest.version


def run_step(
    store: Store,
    ref: Ref,
    inputs: Sequence[Ref],
    recipe: Recipe,
    work: Callable[[Workspace], None],
    *,
    run_id: str,
    log: Callable[[str], None],
    mixed_ancestors: bool = False,
) -> Outcome:
    """Bring one asset partition up to date.

    The inputs are resolved once, here: versions this run made first, else the heads. If a version with the same recipe
    exists nothing runs: it is made current again, with the inputs pinned now where those are other versions of the
    same contents.

    Args:
        store: Where versions are read and published.
        ref: What to make.
        inputs: What it reads.
        recipe: All that decides the result besides the inputs.
        work: Makes the result; called only where no version of the recipe exists.
        run_id: The run that asks.
        log: Takes progress lines.
        mixed_ancestors: Whether inputs may stem from different contents of one ancestor. For reports: they show what
            there is and say what is not comparable.

    Raises:
        SgAssetsError: an input has no version, inputs disagree on an ancestor, or the result fails its audit.
    """
    previous = store.head(ref)
    pinned = [store.seen_by_run(one, run_id) or store.required_head(one) for one in inputs]
    if not mixed_ancestors:
        agree(store, ref, pinned)
    libraries = {name: _version(name) for name in sorted(recipe.libraries)}
    digest = _recipe_digest(ref, pinned, recipe, libraries)
    existing = store.with_recipe(ref, digest)
    if existing is not None:
        log(f"{ref}: same inputs, code and parameters as {existing.version}; nothing to do")
        confirmed = _confirm(store, existing, tuple(one.pin() for one in pinned), run_id)
        return Outcome(confirmed, reused=True, previous=previous)
    started = datetime.now(UTC)
    with _workspace(store, ref, pinned, recipe.parameters) as workspace:
        work(workspace)
        content = _content(workspace, recipe.key)
        final = store.root / content["object"]
        move_content(workspace.result_folder if content["kind"] == "folder" else workspace.table_file, final)
        content |= _stored_bytes(content, final)
        manifest = Manifest(
            asset=ref.asset,
            partition=ref.partition,
            version=_new_version(content["fingerprint"]),
            inputs=tuple(one.pin() for one in pinned),
            recipe=digest,
            code=recipe.code,
            parameters=dict(recipe.parameters),
            libraries=libraries,
            details=workspace.details,
            run_id=run_id,
            git=_git_state(),
            started=started,
            finished=datetime.now(UTC),
            **content,
        )
    store.keep_code(recipe.code_texts)
    store.publish(manifest)
    return Outcome(manifest, reused=False, previous=previous)


def _recipe_digest(ref: Ref, pinned: Sequence[Manifest], recipe: Recipe, libraries: Mapping[str, str]) -> str:
    return json_digest(
        {
            "ref": str(ref),
            "inputs": [[str(one.ref), one.fingerprint] for one in pinned],
            "code": recipe.code.fingerprint,
            "parameters": dict(recipe.parameters),
            "libraries": dict(libraries),
        }
    )


@contextmanager
def _workspace(
    store: Store, ref: Ref, pinned: Sequence[Manifest], parameters: Mapping[str, Any]
) -> Iterator[Workspace]:
    folder = store.staging / str(ULID())
    folder.mkdir(parents=True)
    by_asset: dict[str, list[Manifest]] = {}
    for one in pinned:
        by_asset.setdefault(one.asset, []).append(one)
    try:
        yield Workspace(ref, by_asset, store, folder, parameters)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _confirm(store: Store, existing: Manifest, pins: tuple[PinnedInput, ...], run_id: str) -> Manifest:
    """Make a version current without work.

    Where its inputs were published again with equal contents but from other ancestors, a new record pins those: the
    old pins would contradict what other steps read, and nothing could mend that.
    """
    if existing.inputs == pins:
        store.set_head(existing, run_id)
        return existing
    now = datetime.now(UTC)
    changes = {
        "version": _new_version(existing.fingerprint),
        "inputs": pins,
        "run_id": run_id,
        "started": now,
        "finished": now,
    }
    confirmed = existing.model_copy(update=changes)
    store.publish(confirmed)
    return confirmed


def _new_version(fingerprint: str) -> str:
    return f"{ULID()}-{fingerprint[:8]}"


def _stored_bytes(content: Mapping[str, Any], final: Path) -> dict[str, Any]:
    """Digest and size of the file in place: equal content that was there before may have other bytes than the staged.

    A folder's fingerprint is taken from its bytes, so equal folders are equal.
    """
    if content["kind"] == "folder":
        return {}
    return {"files": {".": file_sha256(final)}, "bytes": final.stat().st_size}


def _content(workspace: Workspace, key: tuple[str, ...]) -> dict[str, Any]:
    """The content half of a manifest, from what the work staged."""
    if workspace.result_folder.is_dir():
        return _folder_content(workspace.ref, workspace.result_folder)
    if workspace.table_file.is_file():
        return _table_content(workspace.ref, workspace.table_file, key)
    raise AssertionError(f"the work of {workspace.ref} staged nothing")


def _folder_content(ref: Ref, folder: Path) -> dict[str, Any]:
    fingerprint, files = folder_fingerprint(folder)
    return {
        "kind": "folder",
        "fingerprint": fingerprint,
        "algorithm": FOLDER_ALGORITHM,
        "object": f"artifacts/{ref.asset}/{fingerprint}",
        "files": files,
        "bytes": sum((folder / name).stat().st_size for name in files),
        "rows": None,
        "columns": (),
    }


def _table_content(ref: Ref, file: Path, key: tuple[str, ...]) -> dict[str, Any]:
    with connect() as connection:
        relation = parquet([file])
        fingerprint, rows = table_fingerprint(connection, relation)
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        check_key(connection, relation, key, where=str(ref))
    return {
        "kind": "table",
        "fingerprint": fingerprint,
        "algorithm": TABLE_ALGORITHM,
        "object": f"objects/{ref.asset}/{fingerprint}.parquet",
        "rows": rows,
        "columns": tuple(Column(name=str(column[0]), type=str(column[1])) for column in described),
    }


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError as error:
        raise SgAssetsError(
            f"the package '{distribution}' is not installed",
            remedy="Run `make setup`, or pip install 'sg_assets[train]'",
        ) from error


def _git_state() -> GitState | None:
    """The package's commit, where it runs from a checkout."""
    here = Path(__file__).parent
    try:
        commit = _git(here, "rev-parse", "HEAD")
        dirty = bool(_git(here, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return None
    return GitState(commit=commit, dirty=dirty)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout.strip()
