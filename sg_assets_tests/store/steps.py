"""A small step to try the store with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.store.contracts import Check, Contract
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, Recipe, Workspace, run_step
from sg_assets.store.store import Store
from sg_assets.store.workspace import open_workspace

ROWS = pl.DataFrame({"id": [1, 2, 3], "text": ["a", "b", None]})


def recipe(
    code: str = "one", key: tuple[str, ...] = ("id",), contract: Contract | None = None, **parameters: Any
) -> Recipe:
    return Recipe(Code(fingerprint=code, texts={}), {}, parameters, contract=contract or Contract(key))


def at_most(rows: int, **parameters: Any) -> Recipe:
    """Holds back tables of more rows."""
    check = Check("few", f"There are at most {rows} rows.", f"count(*) <= {rows}")
    return recipe(contract=Contract(("id",), checks=(check,)), **parameters)


def writing(frame: pl.DataFrame) -> Callable[[Workspace], None]:
    return lambda workspace: workspace.write_table(frame)


def refusing(_: Workspace) -> None:
    pytest.fail("the step worked although nothing changed")


def step(
    store: Store,
    name: str,
    work: Callable[[Workspace], None],
    inputs: Sequence[str] = (),
    run_id: str = "run",
    made_by: Recipe | None = None,
) -> Outcome:
    return run_step(
        store,
        Ref.parse(name),
        [Ref.parse(input_name) for input_name in inputs],
        made_by or recipe(),
        work,
        run_id=run_id,
        log=lambda _: None,
    )


def new_store(folder: Path) -> Store:
    return Store(folder / "store", "demo")


def published(store: Store, name: str, frame: pl.DataFrame) -> Manifest:
    """A published table of these rows, without a key."""
    return step(store, name, writing(frame), made_by=recipe(key=())).manifest


@contextmanager
def workspace(store: Store, outputs: str, *inputs: Manifest, **parameters: Any) -> Iterator[Workspace]:
    """The workspace of a step with these outputs, named with spaces between."""
    refs = tuple(map(Ref.parse, outputs.split()))
    with open_workspace(store, refs, inputs, parameters) as opened:
        yield opened


def lose(store: Store, manifest: Manifest) -> None:
    """Remove a version's content behind the store's back."""
    (store.root / manifest.object).unlink()
