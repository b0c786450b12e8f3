"""External assets: folders of raw files and of models that are observed and never made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dagster as dg

from sg_assets.declarations.asset_names import COMMENT_FILES, MODEL_FOLDERS, TOXIGEN_FILES
from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.declarations.records.alerts import Freshness, Source
from sg_assets.hub.adapter_files import pin_adapter
from sg_assets.hub.model_folders import folder_of
from sg_assets.hub.pin_step import local_files
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
    raw = [
        ExternalSource(asset, description, _files_of(folder, files), project.declared.alerts.max_age(source))
        for source, asset, description, folder, files in folders
        if folder is not None
    ]
    return raw + chat_model_folders(project) + adapter_folders(project)


def chat_model_folders(project: Project) -> list[ExternalSource]:
    """The folders that chat models, or their tokenizers, are taken from."""
    root = project.settings.models
    declared = {name: model.hub for name, model in project.declared.profile.chat_models.items()}
    return [
        _model_folder(f"chat_{name}", partial(local_files, files, root))
        for name, files in declared.items()
        if files is not None and (files.path or (files.tokenizer is not None and files.tokenizer.path))
    ]


def adapter_folders(project: Project) -> list[ExternalSource]:
    """The folders that adapters are imported from."""
    root = project.settings.models
    declared = {name: variant.adapter for name, variant in project.declared.variants.items()}
    return [
        _model_folder(f"adapter_{name}", partial(_adapter_files, source, root))
        for name, source in declared.items()
        if source is not None and source.path is not None
    ]


def _model_folder(name: str, files: Callable[[], Files]) -> ExternalSource:
    description = "A folder of a model, unchanged: the profile declares where it lies."
    return ExternalSource(f"{MODEL_FOLDERS}/{name}", description, files, None)


def _adapter_files(source: AdapterSource, root: Path) -> Files:
    pinned = pin_adapter(source, root, "look")
    folder = folder_of(pinned)
    return [(file.name, folder / file.name) for file in pinned.files]


def _files_of(folder: Path, files: Callable[[Path], Files]) -> Callable[[], Files]:
    return lambda: files(folder)


def _comment_files(folder: Path) -> Files:
    from sg_assets.ingest.files import data_files

    return [(file.name, file.path) for file in data_files(folder)]


def _toxigen(folder: Path) -> Files:
    from sg_assets.ingest.toxigen import prompt_files

    return [(path.name, path) for path, _, _ in prompt_files(folder)]
