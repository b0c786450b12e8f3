"""What every asset needs to know: settings, declarations, the graph, the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sg_assets.code.closure import Entry
from sg_assets.declarations import Declarations
from sg_assets.declarations.cache import cached_project
from sg_assets.declarations.columns import Columns
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.records.profile import Profile
from sg_assets.errors import SgAssetsError
from sg_assets.settings import Settings, read_settings
from sg_assets.store.catalogue import Catalogue
from sg_assets.store.contracts import Contract
from sg_assets.store.step import Recipe
from sg_assets.store.step_code import code_of
from sg_assets.store.store import Store

if TYPE_CHECKING:
    from sg_assets.lineage.scores.comparison_cache import Comparisons


@dataclass(frozen=True)
class Project:
    """One profile of one project."""

    settings: Settings
    declared: Declarations
    graph: Graph
    tables: Mapping[str, Columns]
    """The columns of every table, by asset."""

    @property
    def own_comments(self) -> bool:
        """Whether the comments are people's own, of a folder or a dataset, and not generated."""
        return self.settings.raw is not None or self.declared.profile.sources.comments is not None

    @cached_property
    def store(self) -> Store:
        """The profile's store, opened (and created) at first use: loading definitions writes nothing."""
        return Store(self.settings.store_root, self.settings.profile, self.settings.home)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Keeps ``registry.duckdb`` up to date with the store."""
        return Catalogue(self.store)

    @cached_property
    def comparisons(self) -> "Comparisons":
        """Comparisons of versions, each computed once: a check, a history and a materialization need the same."""
        from sg_assets.lineage.scores.comparison_cache import Comparisons

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
        """A step's recipe from the functions its work begins with: all that they reach counts.

        Args:
            entries: Functions and classes of the package.
            parameters: Declared values that decide the result.
            libraries: Distributions that count although no definition of the step uses them itself.
            key: The columns a table's rows are known by.
            queries: SQL and other texts that the step reads, by file.
        """
        code = code_of(entries, queries)
        listed = {name.lower().replace("_", "-"): name for name in libraries}
        used = tuple(sorted(({name: name for name in code.libraries} | listed).values()))
        return Recipe(code.record, code.texts, parameters or {}, used, Contract(key))


def load_project() -> Project:
    """The project the environment names.

    Raises:
        SgAssetsError: something declared, or the environment, is wrong.
    """
    settings = read_settings()
    generated = settings.raw is None
    loaded = cached_project(
        settings.project, settings.profile, settings.home, generated_comments=generated, seed=settings.seed
    )
    _require_one_source(settings, loaded.declared.profile)
    return Project(settings, loaded.declared, loaded.graph, loaded.tables)


def _require_one_source(settings: Settings, profile: Profile) -> None:
    """Raise where texts would come from a folder of the environment and from a declared dataset."""
    named = (
        ("comments", "SG_RAW", settings.raw, profile.sources.comments),
        ("toxigen", "SG_TOXIGEN_DIR", settings.toxigen, profile.sources.toxigen),
    )
    for purpose, variable, folder, dataset in named:
        if folder is not None and dataset is not None:
            raise SgAssetsError(
                f"{variable} is set, and the profile takes {purpose} from the dataset '{dataset}'",
                where=f"models/profiles/{profile.name}.yaml, sources.{purpose}",
                remedy=f"Unset {variable}, or take the line out of the profile",
            )
