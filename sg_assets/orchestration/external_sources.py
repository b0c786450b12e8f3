"""External assets: folders of raw files that are observed and never made."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from sg_assets.declarations.asset_names import COMMENT_FILES, TOXIGEN_FILES
from sg_assets.declarations.records.alerts import Freshness, Source
from sg_assets.orchestration.project import Project

Files = list[tuple[str, Path]]


@dataclass(frozen=True)
class ExternalSource:
    """A folder of files as an external asset."""

    asset: str
    description: str
    files: Callable[[], Files]
    """Its files now, by name.

    Raises:
        SgAssetsError: the folder is gone, or holds what cannot be read.
    """
    freshness: Freshness | None
    """The declared greatest age of its content."""

    @property
    def key(self) -> dg.AssetKey:
        """Its key in Dagster."""
        return dg.AssetKey(self.asset.split("/"))


def external_sources(project: Project) -> list[ExternalSource]:
    """The external sources of a project; none where everything is generated."""
    settings = project.settings
    folders: list[tuple[Source, str, str, Path | None, Callable[[Path], Files]]] = [
        ("comments", COMMENT_FILES, "The comments in SG_RAW, unchanged.", settings.raw, _comment_files),
        ("toxigen", TOXIGEN_FILES, "The prompts in SG_TOXIGEN_DIR, unchanged.", settings.toxigen, _toxigen),
    ]
    return [
        ExternalSource(asset, description, _files_of(folder, files), project.declared.alerts.max_age(source))
        for source, asset, description, folder, files in folders
        if folder is not None
    ]


def _files_of(folder: Path, files: Callable[[Path], Files]) -> Callable[[], Files]:
    return lambda: files(folder)


def _comment_files(folder: Path) -> Files:
    from sg_assets.ingest.files import data_files

    return [(file.name, file.path) for file in data_files(folder)]


def _toxigen(folder: Path) -> Files:
    from sg_assets.ingest.toxigen import prompt_files

    return [(path.name, path) for path, _, _ in prompt_files(folder)]
