"""What every asset needs to know: settings, declarations, the graph, the store."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sg_assets.declarations import Declarations
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.kept import kept_whole
from sg_assets.declarations.tables import Columns
from sg_assets.settings import Settings, read_settings
from sg_assets.store.catalogue import Catalogue
from sg_assets.store.code import python_code
from sg_assets.store.contracts import Contract
from sg_assets.store.step import Recipe
from sg_assets.store.store import Store

if TYPE_CHECKING:
    from sg_assets.lineage.comparisons import Comparisons

Entry = Callable[..., object] | type
"""What a step's work begins with: a function, or the ``main`` of a job."""


@dataclass(frozen=True)
class Project:
    """One profile of one project."""

    settings: Settings
    declared: Declarations
    graph: Graph
    tables: Mapping[str, Columns]
    """The columns of every table, by asset."""

    @cached_property
    def store(self) -> Store:
        """The profile's store, opened (and created) at first use: loading definitions writes nothing."""
        return Store(self.settings.store_root, self.settings.profile, self.settings.home)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What keeps ``registry.duckdb`` up with the store."""
        return Catalogue(self.store)

    @cached_property
    def comparisons(self) -> "Comparisons":
        """Comparisons of versions, each made once: a check, a history and a materialization ask for the same."""
        from sg_assets.lineage.comparisons import Comparisons

        return Comparisons(self.store, self.declared.replicates)

    def recipe(
        self,
        entries: Iterable[Entry],
        parameters: Mapping[str, object] | None = None,
        *,
        libraries: Iterable[str] = (),
        key: tuple[str, ...] = (),
        queries: Iterable[tuple[str, str]] = (),
    ) -> Recipe:
        """A step's recipe from the functions its work begins with."""
        code, texts = python_code(sorted({entry.__module__ for entry in entries}), queries)
        return Recipe(code, texts, parameters or {}, tuple(libraries), Contract(key))


def load_project() -> Project:
    """The project the environment names.

    Raises:
        SgAssetsError: something declared, or the environment, is wrong.
    """
    settings = read_settings()
    generated = settings.raw is None
    whole = kept_whole(
        settings.project, settings.profile, settings.home, generated_comments=generated, seed=settings.seed
    )
    return Project(settings, whole.declared, whole.graph, whole.tables)
