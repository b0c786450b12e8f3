"""The data files of a folder: found in a fixed order, digested, opened whatever their compression."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sg_assets.errors import SgAssetsError

BLOCK = 8 << 20  # bytes: large enough for the parsers' speed, small enough that a dozen copies do not matter
BOM = b"\xef\xbb\xbf"  # UTF-8's byte order mark
_LONGEST = 8 * BLOCK  # of one line
_FORMATS = {".jsonl": "json", ".ndjson": "json", ".csv": "csv", ".parquet": "parquet"}
_CODECS = {".gz": "gzip", ".zst": "zstd"}
_SKIPPED_NAMES = ("readme", "license", "licence")  # files that often come with a dump


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

    def open(self) -> pa.NativeFile:
        """Its decompressed bytes as a stream."""
        return pa.input_stream(str(self.path), compression=self.codec)

    def malformed(self, row: int | None, what: str, remedy: str | None = None) -> SgAssetsError:
        """The error for this file and row (1-based; a CSV header is row 1, blank lines do not count). Holds no text."""
        where = str(self.path) if row is None else f"{self.path}, row {row}"
        return SgAssetsError(what, where=where, remedy=remedy or "Repair or remove the file; nothing was written.")

    def refuse_utf16(self, start: bytes) -> None:
        """Raise the error for a file whose first bytes are a UTF-16 mark."""
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise self.malformed(1, "the file is UTF-16, not UTF-8", "Convert it: `iconv -f UTF-16 -t UTF-8`.")

    def unreadable(self, rows: int, error: Exception) -> SgAssetsError:
        """The error for a stream that broke after ``rows`` rows: truncated, or not what its name says."""
        if "too much memory" in str(error):
            remedy = "It was compressed with a long window: decompress it with `zstd -d --long=31`."
            return self.malformed(None, "zstd cannot decompress this file in bounded memory", remedy)
        named = (
            f"its {self.codec or self.format} data cannot be read to the end (after row {rows}): truncated or damaged"
        )
        return self.malformed(None, named, "Fetch or compress the file again; nothing was written.")


def data_files(folder: Path) -> list[DataFile]:
    """The data files under a folder, by relative name; a single file gives itself.

    Hidden files, READMEs and licences are skipped. Any other name must be .jsonl, .ndjson or .csv (plain, .gz or
    .zst) or .parquet.

    Raises:
        SgAssetsError: no such folder, no data file in it, a file of another kind, or an empty one.
    """
    if not folder.exists():
        raise SgAssetsError(
            "no such file or folder", where=str(folder), remedy="Set SG_RAW to a folder or file of comments."
        )
    root = folder.parent if folder.is_file() else folder
    paths = [folder] if folder.is_file() else [path for path in folder.rglob("*") if path.is_file()]
    named = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    files = [_data_file(path, name) for name, path in named if not _is_skipped(name)]
    if not files:
        raise SgAssetsError("no data file in this folder", where=str(folder), why=_accepted_formats())
    return files


def blocks(file: DataFile) -> Iterator[bytes]:
    """The file's bytes in blocks that end with a line, about ``BLOCK`` long.

    Raises:
        SgAssetsError: the stream breaks, is UTF-16, or holds a line too long to be a comment.
    """
    rest, rows = b"", 0
    try:
        with file.open() as stream:
            while data := stream.read(BLOCK):
                if not rows:
                    file.refuse_utf16(rest or data)
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
    suffixes = [suffix.lower() for suffix in path.suffixes]
    codec = _CODECS.get(suffixes[-1]) if suffixes else None
    kind = _FORMATS.get(suffixes[-2] if codec and len(suffixes) > 1 else suffixes[-1]) if suffixes else None
    if kind is None or (codec and kind == "parquet"):
        raise SgAssetsError(
            "this kind of file cannot be read", where=str(path), why=_accepted_formats(), remedy="Convert or remove it."
        )
    if path.stat().st_size == 0:
        raise SgAssetsError("the file is empty", where=str(path), remedy="Fetch it again, or remove it.")
    return DataFile(path, name, kind, codec)


def _is_skipped(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") for part in parts) or parts[-1].lower().startswith(_SKIPPED_NAMES)


def _accepted_formats() -> str:
    return "accepted are .jsonl, .ndjson and .csv (plain, .gz or .zst) and .parquet"
