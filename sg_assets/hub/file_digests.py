"""Digests of model files, by the rule that holds for contents of the store.

Up to a gigabyte the files of a model are read at each load. Of a larger one, a file of the same identity (size, times,
inode, device) as at its last digest has that digest, and is read again after some days. What only looks whether
something changed goes by the identity alone.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sg_assets.hub.local_records import files_root, read_record, record_name, write_record
from sg_assets.store.content_checks import DIGESTED_AGAIN, DIGESTED_AT_EACH_READ, file_identity

Algorithm = Literal["sha256", "git_blob"]
Purpose = Literal["load", "look"]
"""Whether the files are about to be read, or only compared with what was pinned."""
_CHUNK = 1 << 20


def file_digests(
    folder: Path, files: Iterable[tuple[str, Algorithm]], *, purpose: Purpose
) -> dict[str, tuple[int, str]]:
    """Size and digest of files of a folder, by name.

    Args:
        folder: The folder.
        files: Names, with the digest that is wanted.
        purpose: What for; see above.

    Raises:
        OSError: a file cannot be read.
    """
    record = files_root() / "digests" / f"{record_name(str(folder))}.json"
    known, now = read_record(record), datetime.now(UTC)
    wanted = list(files)
    identities = {name: file_identity(folder / name) for name, _ in wanted}
    is_small = sum(identity[0] for identity in identities.values()) <= DIGESTED_AT_EACH_READ
    digests: dict[str, tuple[int, str]] = {}
    fresh = dict(known)
    for name, algorithm in wanted:
        identity, key = identities[name], f"{algorithm}:{name}"
        digest = _remembered(known.get(key), identity, now)
        if digest is None or (purpose == "load" and (is_small or digest[1] > DIGESTED_AGAIN)):
            text = _digest(folder / name, algorithm, identity[0])
            fresh[key] = {"identity": list(identity), "digest": text, "at": now.isoformat()}
        else:
            text = digest[0]
        digests[name] = (identity[0], text)
    if fresh != known:
        write_record(record, fresh)
    return digests


def _remembered(entry: Any, identity: tuple[int, ...], now: datetime) -> tuple[str, timedelta] | None:  # noqa: ANN401
    """The digest of a file of this identity and its age; None where it is not known."""
    try:
        if tuple(entry["identity"]) != identity:
            return None
        return str(entry["digest"]), now - datetime.fromisoformat(entry["at"])
    except (KeyError, TypeError, ValueError):
        return None


def _digest(path: Path, algorithm: Algorithm, size: int) -> str:
    # The second is git's own digest, which the hub reports for small files.
    header = b"" if algorithm == "sha256" else b"blob %d\0" % size
    digest = hashlib.new("sha256" if algorithm == "sha256" else "sha1", header, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
