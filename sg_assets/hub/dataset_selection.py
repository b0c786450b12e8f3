"""Which files of a dataset's repository hold the rows that are meant. Scripts are never read."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sg_assets.declarations.records.dataset import Dataset
from sg_assets.declarations.records.model_files import NAME
from sg_assets.errors import SgAssetsError, nearest

README: Final = "README.md"
_FORMATS: Final = {".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv"}
_CODECS: Final = (".gz", ".zst")
_ABOUT: Final = ("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json")
"""JSON files that describe a dataset."""
_SHOWN: Final = 8


@dataclass(frozen=True)
class ConfigFiles:
    """The data files of one configuration, as a README says."""

    name: str
    is_default: bool
    patterns: Sequence[tuple[str | None, str]]
    """Split (None where the README names none) and pattern."""


def format_of(name: str) -> str | None:
    """The format of a data file by its name: parquet, jsonl, json or csv; None of any other file."""
    path = PurePosixPath(name)
    if path.name in _ABOUT:
        return None
    packed = path.suffix in _CODECS
    known = _FORMATS.get(PurePosixPath(path.stem).suffix if packed else path.suffix)
    return None if packed and known in ("parquet", "json") else known


def read_configs(readme: Path, where: str) -> list[ConfigFiles]:
    """The configurations that a README's metadata declare; none where it declares none.

    Raises:
        SgAssetsError: the metadata cannot be read.
    """
    from huggingface_hub.repocard import metadata_load
    from yaml import YAMLError

    try:
        metadata = metadata_load(readme) or {}
    except (ValueError, OSError, YAMLError) as error:
        remedy = "Name the data files: files: [...]"
        why = type(error).__name__
        raise SgAssetsError(f"the metadata of {README} cannot be read", where=where, why=why, remedy=remedy) from None
    listed = metadata.get("configs")
    return [_config(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _config(entry: Mapping[str, Any]) -> ConfigFiles:
    folder = str(entry.get("data_dir") or "").strip("/")
    prefix = f"{folder}/" if folder else ""
    patterns = [(split, f"{prefix}{pattern}") for split, pattern in _patterns(entry.get("data_files") or "**")]
    return ConfigFiles(str(entry.get("config_name", "default")), entry.get("default") is True, patterns)


def _patterns(data_files: object) -> Iterable[tuple[str | None, str]]:
    if isinstance(data_files, str):
        yield None, data_files
    elif isinstance(data_files, dict):
        for split, paths in data_files.items():
            yield from ((str(split), path) for _, path in _patterns(paths))
    elif isinstance(data_files, list):
        for entry in data_files:
            if isinstance(entry, dict) and "path" in entry:
                split = entry.get("split")
                yield from ((None if split is None else str(split), path) for _, path in _patterns(entry["path"]))
            elif isinstance(entry, str):
                yield None, entry


def data_file_names(names: Iterable[str], dataset: Dataset, configs: Sequence[ConfigFiles]) -> tuple[str, ...]:
    """The files that hold the rows that a dataset's declaration means, sorted.

    Args:
        names: Of all files.
        dataset: The declaration.
        configs: What the README declares.

    Raises:
        SgAssetsError: no file is meant, a pattern, configuration or split is unknown, formats are mixed, or a file has
            a name that is no plain path.
    """
    everything = sorted(names)
    data = [name for name in everything if format_of(name) is not None]
    if not data:
        raise _no_data(everything, dataset)
    chosen = _chosen(data, dataset, configs)
    for name in chosen:
        if not re.fullmatch(NAME, name):
            why = "its name is no plain relative path"
            raise SgAssetsError(
                "a data file cannot be taken", where=dataset.label, why=why, remedy="Choose files without"
            )
    formats = sorted({str(format_of(name)) for name in chosen})
    if len(formats) > 1:
        why = f"they are {' and '.join(formats)}"
        raise _unclear("the data files have several formats", dataset, chosen, why)
    return tuple(chosen)


def _chosen(data: Sequence[str], dataset: Dataset, configs: Sequence[ConfigFiles]) -> list[str]:
    if dataset.files:
        chosen: set[str] = set()
        for pattern in dataset.files:
            matching = _matching(data, pattern)
            if not matching:
                raise _unclear(f"no data file is named '{pattern}'", dataset, data)
            chosen |= set(matching)
        return sorted(chosen)
    if configs:
        return _of_config(data, dataset, _declared_config(dataset, configs))
    inside = [name for name in data if dataset.config is None or f"{dataset.config}/" in f"/{name}"]
    if not inside:
        raise _unclear(f"no configuration is named '{dataset.config}'", dataset, data)
    named = [name for name in inside if dataset.split is None or _names_split(name, dataset.split)]
    if not named:
        raise _unclear(f"no data file is of the split '{dataset.split}'", dataset, inside)
    return named


def _declared_config(dataset: Dataset, configs: Sequence[ConfigFiles]) -> ConfigFiles:
    by_name = {config.name: config for config in configs}
    if dataset.config is not None:
        if dataset.config not in by_name:
            remedy = nearest(dataset.config, by_name)
            raise SgAssetsError(f"no configuration is named '{dataset.config}'", where=dataset.label, remedy=remedy)
        return by_name[dataset.config]
    default = next((config for config in configs if config.is_default), by_name.get("default"))
    if default is None and len(configs) > 1:
        remedy = f"Write config: one of {', '.join(sorted(by_name))}"
        raise SgAssetsError("has several configurations", where=dataset.label, remedy=remedy)
    return default or configs[0]


def _of_config(data: Sequence[str], dataset: Dataset, config: ConfigFiles) -> list[str]:
    splits = {split for split, _ in config.patterns if split is not None}
    if dataset.split is not None and splits and dataset.split not in splits:
        remedy = nearest(dataset.split, splits)
        raise SgAssetsError(f"no split is named '{dataset.split}'", where=dataset.label, remedy=remedy)
    wanted = [(split, pattern) for split, pattern in config.patterns if dataset.split in (None, split) or split is None]
    chosen = {
        name
        for split, pattern in wanted
        for name in _matching(data, pattern)
        if dataset.split is None or split is not None or _names_split(name, dataset.split)
    }
    if not chosen:
        raise _unclear(f"the configuration '{config.name}' has no data file that is meant", dataset, data)
    return sorted(chosen)


def _matching(names: Collection[str], pattern: str) -> list[str]:
    from fsspec.utils import glob_translate  # type: ignore[import-untyped]

    form = re.compile(glob_translate(pattern.removeprefix("./")))
    return [name for name in names if form.match(name)]


def _names_split(name: str, split: str) -> bool:
    """Whether a path has a split's name as a word of its own, as hub files are named."""
    return re.search(rf"(?:^|[-_./ 0-9]){re.escape(split)}(?:[-_./ 0-9]|$)", name) is not None


def _no_data(names: Sequence[str], dataset: Dataset) -> SgAssetsError:
    scripts = [name for name in names if name.endswith(".py")]
    why = f"it is loaded by {scripts[0]}, and scripts are never run" if scripts else None
    converted = "Write revision: refs/convert/parquet, where the hub keeps a copy in Parquet"
    remedy = converted if scripts and dataset.repo else "Name a repository with .parquet, .jsonl, .json or .csv files"
    return SgAssetsError("there is no data file", where=dataset.label, why=why, remedy=remedy)


def _unclear(problem: str, dataset: Dataset, names: Sequence[str], why: str | None = None) -> SgAssetsError:
    shown = ", ".join(name[:100] for name in names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    return SgAssetsError(problem, where=dataset.label, why=why, remedy=f"Name files by `files:`. There are: {shown}")
