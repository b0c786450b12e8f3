"""Seals of files that are read again and have no manifest: a file beside each says what its bytes were.

``<file>.seal`` holds how many bytes it covers, their sha256 and a short digest of each line, and is a sealed record
itself. Files that only grow are sealed up to their last whole line; what was appended since has no seal yet, as files
that were written before there were seals. The digests of the lines tell which of them a damaged file still holds.
"""

import hashlib
import io
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ulid import ULID

from sg_assets.errors import DamagedStoreError
from sg_assets.store.sealed_records import is_sealed, sealed, unsealed

SUFFIX: Final = ".seal"
LINES: Final = ".jsonl"
"""How the names of files end that grow by lines; others are written once, whole."""
OTHER_BYTES: Final = "its bytes are not those that were written"
_QUOTED_DIGEST: Final = re.compile(rb'"([0-9a-f]{64})"')
_STATED_SIZE: Final = re.compile(rb'"size":([0-9]{1,18})\b')
_DIGEST_BYTES: Final = 8
"""Of a line's digest: one in 10^13 sealed lines has that of another of a million."""
_WEEK: Final = 7 * 24 * 3600.0
"""In seconds: after this time a file is read again though its times are the same, as a broken disk moves none."""


@dataclass(frozen=True)
class FileSeal:
    """What a file was when it was sealed."""

    size: int
    """The bytes from its beginning that are sealed."""
    sha256: str
    """Of these bytes."""
    digests: bytes
    """The digest of each line in them, one after another; none of a file that does not grow by lines."""

    def lines(self) -> list[bytes]:
        """The digest of each line."""
        starts = range(0, len(self.digests), _DIGEST_BYTES)
        return [self.digests[start : start + _DIGEST_BYTES] for start in starts]


@dataclass(frozen=True)
class FileCheck:
    """A file compared with its seal."""

    problem: str | None
    """How it is damaged, in words; None where it is as it was written."""
    content: bytes
    """Its bytes, or as many as can be read."""
    seal: FileSeal | None
    """None where it has none that can be used."""
    is_seal_damaged: bool = False
    """Whether its seal is damaged, and nothing else: its bytes are read as those of a file without one."""


def read_seal(file: Path) -> FileSeal | None:
    """The seal of a file; None where it has none.

    Raises:
        DamagedStoreError: the seal is damaged.
    """
    path = seal_of(file)
    try:
        data = path.read_bytes()
        if not is_sealed(data):
            raise DamagedStoreError("its seal is damaged", where=str(path))
        written: Any = json.loads(unsealed(data, str(path)))
        return FileSeal(int(written["size"]), str(written["digest"]), bytes.fromhex(written["lines"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, DamagedStoreError) as error:
        raise DamagedStoreError("its seal is damaged", where=str(path)) from error


def checked_file(file: Path) -> FileCheck:
    """Read a file and compare it with its seal; what has no seal yet must be whole lines of JSON, but for the last.

    A seal that is damaged says nothing, and is a damage of its own.
    """
    seal, problem = None, None
    try:
        seal = read_seal(file)
    except DamagedStoreError as error:
        problem = error.what
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return FileCheck("it is missing", b"", seal)
    except OSError as error:
        return FileCheck(f"it cannot be read ({error.strerror})", b"", seal)
    legible = None if problem is None else _legible(file, content)
    if legible is not None:
        return FileCheck(OTHER_BYTES, content, legible)
    difference = _difference(file, content, seal)
    is_seal_damaged = problem is not None and difference is None
    return FileCheck(difference or problem, content, seal, is_seal_damaged)


def _legible(file: Path, content: bytes) -> FileSeal | None:
    """What a damaged seal still says against a file; None where it says nothing, or that the file is as it was.

    A seal has the digest of the file twice, so that one of them outlives a flipped bit.
    """
    try:
        written = seal_of(file).read_bytes()
    except OSError:
        return None
    digests = {digest.decode() for digest in _QUOTED_DIGEST.findall(written)}
    stated = [int(size) for size in _STATED_SIZE.findall(written)]
    sizes = {*stated, content.rfind(b"\n") + 1, len(content)}
    if not digests or any(_digest(content, size) in digests for size in sizes):
        return None
    known = [line_digest(line) for line in content.split(b"\n")] if file.suffix == LINES else []
    return FileSeal(len(content), "", b"".join(digest for digest in known if digest.hex().encode() in written))


def _digest(content: bytes, size: int) -> str:
    return hashlib.sha256(memoryview(content)[:size]).hexdigest()


def _difference(file: Path, content: bytes, seal: FileSeal | None) -> str | None:
    size = 0 if seal is None else seal.size
    if seal is not None and (len(content) < size or _digest(content, size) != seal.sha256):
        return OTHER_BYTES
    if file.suffix == LINES:
        lost = sum(not is_object(line) for line in whole_lines(content[size:]))
        return f"{lost} of its lines are no JSON objects" if lost else None
    if seal is not None:
        return "its bytes are more than those that were written" if len(content) > size else None
    return None if _is_table(content) else "it is not a readable Parquet file"


def _is_table(content: bytes) -> bool:
    """Whether a Parquet file without a seal can be read."""
    import polars as pl

    try:
        pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, ValueError):
        return False
    return True


def intact_lines(check: FileCheck) -> list[bytes]:
    """The lines of a damaged file that are as they were written, by their digests; of those without, what is JSON."""
    size = 0 if check.seal is None else check.seal.size
    digests = set() if check.seal is None else set(check.seal.lines())
    known = [line for line in check.content[:size].split(b"\n") if line and line_digest(line) in digests]
    return [*known, *(line for line in whole_lines(check.content[size:]) if is_object(line))]


def seal_file(file: Path, check: FileCheck, read_at: float) -> None:
    """Seal all of a file that was read and is not damaged; of one that grows, up to its last whole line.

    Args:
        file: The file.
        check: The comparison of it.
        read_at: When that began, in seconds since 1970: the seal has this time.

    Raises:
        OSError: the seal cannot be written.
    """
    if _has_grown(file, check):
        _write_seal(file, check)
    os.utime(seal_of(file), (read_at, read_at))


def _has_grown(file: Path, check: FileCheck) -> bool:
    return check.seal is None or _whole_size(file, check) > check.seal.size


def _whole_size(file: Path, check: FileCheck) -> int:
    return check.content.rfind(b"\n") + 1 if file.suffix == LINES else len(check.content)


def _write_seal(file: Path, check: FileCheck) -> None:
    old, content, size = check.seal, check.content, _whole_size(file, check)
    digests = b""
    if file.suffix == LINES:
        start, digests = (0, b"") if old is None else (old.size, old.digests)
        digests += b"".join(line_digest(line) for line in whole_lines(content[start:size]))
    digest = _digest(content, size)
    text = {"size": size, "digest": digest, "again": digest, "lines": digests.hex()}
    path = seal_of(file)
    draft = path.with_name(f"{path.name}.{ULID()}")
    try:
        draft.write_text(sealed(json.dumps(text, separators=(",", ":"))), encoding="ascii")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def was_checked(file: Path) -> bool:
    """Whether a sealed file was compared within a week, and by its times was not written to since."""
    try:
        sealed_at, stat = seal_of(file).stat().st_mtime, file.stat()
    except OSError:
        return False
    return max(stat.st_mtime, stat.st_ctime) <= sealed_at and sealed_at > time.time() - _WEEK


def seal_of(file: Path) -> Path:
    """Where the seal of a file lies."""
    return file.with_name(f"{file.name}{SUFFIX}")


def whole_lines(content: bytes) -> list[bytes]:
    """The lines that end; the rest is the torn last line of a killed writer."""
    return content.split(b"\n")[:-1]


def line_digest(line: bytes) -> bytes:
    """The digest by which a line is known again."""
    return hashlib.blake2b(line, digest_size=_DIGEST_BYTES).digest()


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
