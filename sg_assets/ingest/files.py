"""The data files of a folder: found in a fixed order, digested, opened whatever their compression."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import pyarrow as pa

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.decompression import Decompressed
from sg_assets.ingest.folder import FolderListing, SkippedFile, list_folder, refuse_other_kinds, shown
from sg_assets.ingest.other_content import other_content

BLOCK = 8 << 20  # bytes: large enough for the parsers' speed, small enough that a dozen copies do not matter
BOM = b"\xef\xbb\xbf"  # UTF-8's byte order mark
_LONGEST = 8 * BLOCK  # of one line
_FORMATS = {".jsonl": "json", ".ndjson": "json", ".csv": "csv", ".parquet": "parquet"}
_CODECS = {".gz": "gzip", ".zst": "zstd"}
_ABOUT = re.compile(r"(?:readme|licen[cs]e|copying|notice)(?:[-_. ][^.]*)?(?:\.(?:md|markdown|rst|txt|html|pdf))?")
_REMEDIES = {
    ".json": "Write one object a line, as .jsonl: `jq -c '.[]'` does that for a list.",
    ".tsv": "Rename it to .csv; its tabs are seen in its header.",
    ".xlsx": "Save the sheet as CSV (UTF-8).",
    ".xls": "Save the sheet as CSV (UTF-8).",
    ".bz2": "Decompress it with `bunzip2`.",
    ".xz": "Decompress it with `unxz`.",
    **dict.fromkeys((".zip", ".tar", ".tgz", ".7z", ".rar"), "Unpack it."),
}


@dataclass(frozen=True)
class DataFile:
    """One file of comments."""

    path: Path
    """Its path."""
    name: str
    """Its path relative to the folder, with forward slashes."""
    format: str
    """``json`` (one object per line), ``csv`` or ``parquet``."""
    codec: str | None
    """``gzip``, ``zstd`` or none."""

    def open(self) -> Decompressed:
        """Its decompressed bytes as a stream."""
        return Decompressed(self.path, self.codec)

    def malformed(self, row: int | None, what: str, remedy: str | None = None) -> SgAssetsError:
        """The error for this file and row (1-based; a CSV header is row 1, blank lines do not count). Holds no text."""
        where = str(self.path) if row is None else f"{self.path}, row {row}"
        return SgAssetsError(what, where=where, remedy=remedy or "Repair or remove the file; nothing was written.")

    def refuse_other_content(self, start: bytes) -> None:
        """Raise the error for a file whose first bytes are no text in UTF-8."""
        other = other_content(start)
        if other is not None:
            raise self.malformed(1, *other)

    def not_utf8(self, row: int) -> SgAssetsError:
        """The error for a row of another encoding."""
        return self.malformed(row, "the text is not UTF-8", "Convert the file: `iconv -f GBK -t UTF-8`, or what it is.")

    def unreadable(self, rows: int, error: Exception) -> SgAssetsError:
        """The error for a stream that broke after ``rows`` rows: truncated, or not what its name says."""
        if isinstance(error, PermissionError):
            return self.malformed(None, "there is no permission to read it", "Give it: `chmod u+r`.")
        if "too much memory" in str(error):
            remedy = "It was compressed with a long window: decompress it with `zstd -d --long=31`."
            return self.malformed(None, "zstd cannot decompress this file in bounded memory", remedy)
        named = (
            f"its {self.codec or self.format} data cannot be read to the end (after row {rows}): truncated or damaged"
        )
        return self.malformed(None, named, "Fetch or compress the file again; nothing was written.")


@dataclass(frozen=True)
class DataFolder:
    """The files of a folder: those to read, and those that are not."""

    files: list[DataFile]
    """By relative name."""
    skipped: list[SkippedFile]
    """Files and folders that are not read, by relative name."""


def data_files(folder: Path) -> list[DataFile]:
    """The files of ``data_folder`` that are read."""
    return data_folder(folder).files


def data_folder(folder: Path) -> DataFolder:
    """The data files under a folder, by relative name; a single file gives itself.

    Hidden files, READMEs and licences are skipped. Any other name must be .jsonl, .ndjson or .csv (plain, .gz or
    .zst) or .parquet.

    Raises:
        SgAssetsError: no such folder, no data file in it, a file of another kind, an empty one, or what is no file.
    """
    if not folder.exists():
        raise SgAssetsError(
            "no such file or folder", where=shown(folder), remedy="Set SG_RAW to a folder or file of comments."
        )
    if not folder.is_dir():
        refuse_other_kinds(folder)
    listing = list_folder(folder) if folder.is_dir() else FolderListing([(folder.name, folder)])
    skipped = [SkippedFile(name, "a text about the data") for name, _ in listing.files if _is_about(name)]
    files = [_data_file(path, name) for name, path in listing.files if not _is_about(name)]
    if not files:
        raise SgAssetsError("no data file in this folder", where=shown(folder), why=_accepted_formats())
    return DataFolder(files, sorted([*listing.skipped, *skipped], key=lambda skipped: skipped.name))


def blocks(file: DataFile) -> Iterator[bytes]:
    """The file's bytes in blocks that end with a line, about ``BLOCK`` long.

    Raises:
        SgAssetsError: the stream breaks, is no UTF-8 text, or holds a line too long to be a comment.
    """
    rest, rows = b"", 0
    try:
        with file.open() as stream:
            while data := stream.read(BLOCK):
                if not rows:
                    file.refuse_other_content(rest or data)
                head, newline, tail = data.rpartition(b"\n")
                if newline:
                    yield rest + head + newline
                    rows += head.count(newline) + 1
                rest = tail if newline else rest + tail
                if len(rest) > _LONGEST:
                    raise file.malformed(rows + 1, f"longer than {_LONGEST >> 20} MiB: is it one object a line?")
    except (pa.ArrowException, OSError) as error:
        raise file.unreadable(rows, error) from None
    if rest:
        yield rest


def is_utf8(value: bytes | None) -> bool:
    """Whether the bytes, if any, are UTF-8."""
    try:
        (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _data_file(path: Path, name: str) -> DataFile:
    kind, codec = _format(path)
    if kind is None or (codec and kind == "parquet"):
        raise SgAssetsError(
            "this kind of file cannot be read", where=shown(path), why=_accepted_formats(), remedy=_remedy(path, codec)
        )
    if path.stat().st_size == 0:
        raise SgAssetsError("the file is empty", where=str(path), remedy="Fetch it again, or remove it.")
    return DataFile(path, name, kind, codec)


def _format(path: PurePath) -> tuple[str | None, str | None]:
    """The format and the compression that a name says."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    codec = _CODECS.get(suffixes[-1]) if suffixes else None
    inner = suffixes[:-1] if codec else suffixes
    return (_FORMATS.get(inner[-1]) if inner else None), codec


def _is_about(name: str) -> bool:
    """Whether a file is one of the texts that come with a dump: README.md, LICENSE, licence-data.txt."""
    last = PurePath(name.lower())
    return _ABOUT.fullmatch(last.name) is not None and _format(last)[0] is None


def _remedy(path: Path, codec: str | None) -> str:
    suffix = path.suffix.lower()
    inner = path.suffixes[-2].lower() if codec and len(path.suffixes) > 1 else ""
    if inner in _REMEDIES:
        return f"Decompress it. {_REMEDIES[inner]}"
    if codec and inner != ".parquet":
        return f"Rename it to what it holds: {path.stem}.jsonl{suffix} or {path.stem}.csv{suffix}."
    return _REMEDIES.get(suffix, "Convert or remove it.")


def _accepted_formats() -> str:
    return "accepted are .jsonl, .ndjson and .csv (plain, .gz or .zst) and .parquet"
