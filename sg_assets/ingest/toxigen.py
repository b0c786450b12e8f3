r"""TOXIGEN's prompt files to ``raw/toxigen_prompts``.

Source: ``prompts/`` of github.com/microsoft/TOXIGEN: ``{hate,neutral}_<group>_1k.txt``, one few-shot prompt a line,
its line breaks written as a backslash and an n, ending in ``\n-`` for a model to go on. Prompts are normalised as
comments are. Lines repeat, so rows are distinct prompts, keyed by content.
"""

import hashlib
import re
from pathlib import Path

import polars as pl

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.ingest.folder import SkippedFile, refuse_other_kinds, shown
from sg_assets.ingest.texts import normalise

GROUPS = (
    "asian",
    "black",
    "chinese",
    "jewish",
    "latino",
    "lgbtq",
    "mental_disability",
    "mexican",
    "middle_east",
    "muslim",
    "native_american",
    "physical_disability",
    "women",
)
"""The 13 groups of the TOXIGEN benchmark, as its file names spell them."""

_OTHER_GROUPS = ("bisexual", "immigrant", "trans")  # in the repository, not in the benchmark
_NAME = re.compile(r"(hate|neutral)_(.+)_1k\.txt")
_LABELS = ("hate_", "neutral_")
_LARGEST = 64 << 20  # bytes; the real ones have less than one MB
_LAYOUT = "expected are the files {hate,neutral}_<group>_1k.txt of the TOXIGEN repository's prompts/ folder"


def prompt_files(folder: Path) -> list[tuple[Path, str, str]]:
    """The benchmark's files in a folder, sorted: path, label, group.

    Raises:
        SgAssetsError: no such folder, none of the files in it, or an unknown group.
    """
    if not folder.is_dir():
        raise SgAssetsError("no such folder", where=str(folder), why=_LAYOUT)
    labelled = [path for path in sorted(folder.iterdir()) if path.name.startswith(_LABELS)]
    named = [(path, *_label_and_group(path)) for path in labelled]
    files = [(path, label, group) for path, label, group in named if group in GROUPS]
    for path, _, _ in files:
        refuse_other_kinds(path)
        if path.stat().st_size > _LARGEST:
            raise SgAssetsError(f"larger than {_LARGEST >> 20} MiB: no file of TOXIGEN's is", where=shown(path))
    if not files:
        raise SgAssetsError("no TOXIGEN prompts in this folder", where=str(folder), why=_LAYOUT)
    return files


def skipped_files(folder: Path) -> list[SkippedFile]:
    """What else lies in a folder of prompts."""
    read = {path for path, _, _ in prompt_files(folder)}
    others = [path for path in sorted(folder.iterdir()) if path not in read]
    return [SkippedFile(shown(path.name), _reason(path)) for path in others]


def _reason(path: Path) -> str:
    return "its group is not of the benchmark" if path.name.startswith(_LABELS) else "its name begins with no label"


def read_prompts(folder: Path) -> pl.DataFrame:
    """Distinct prompts of the 13 groups: ``prompt_id``, ``group``, ``label`` (hate or neutral), ``prompt``, by id.

    The id is ``<label>_<group>_<first 12 hex digits of the prompt's sha256>``. Files of the repository's other groups
    are skipped; so is every file whose name does not start with a label.

    Raises:
        SgAssetsError: no such folder, none of the files in it, an unknown group, or a file that is not UTF-8.
    """
    frames = [_file_prompts(path, label, group) for path, label, group in prompt_files(folder)]
    return pl.concat(frames).sort("prompt_id")


def _label_and_group(path: Path) -> tuple[str, str]:
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise SgAssetsError("not a file name of the TOXIGEN layout", where=str(path), why=_LAYOUT)
    label, group = match.groups()
    if group not in (*GROUPS, *_OTHER_GROUPS):
        raise SgAssetsError(f"unknown group '{group}'", where=str(path), why=_LAYOUT, remedy=nearest(group, GROUPS))
    return label, group


def _file_prompts(path: Path, label: str, group: str) -> pl.DataFrame:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        # Not chained: the decoder's error carries the whole file.
        raise SgAssetsError("the text is not UTF-8", where=f"{path}, row {row}", remedy="Fetch it again.") from None
    lines = pl.Series([line.replace("\\n", "\n") for line in text.split("\n")], dtype=pl.String)
    prompts = sorted(set(normalise(lines)) - {""})
    digests = [hashlib.sha256(prompt.encode()).hexdigest()[:12] for prompt in prompts]
    return pl.DataFrame(
        {
            "prompt_id": [f"{label}_{group}_{digest}" for digest in digests],
            "group": [group] * len(prompts),
            "label": [label] * len(prompts),
            "prompt": prompts,
        },
        schema=dict.fromkeys(("prompt_id", "group", "label", "prompt"), pl.String),
    )
