"""Answers kept by canonical request: append-only segments, one write per answer, first stored answer wins.

A segment belongs to one process, so writers never share a file; a killed writer leaves at most one torn last line,
which readers skip.
"""

import dataclasses
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ulid import ULID

from sg_assets.generation.answers import Answer
from sg_assets.store.fingerprints import json_digest


class AnswerCache:
    """The answers of one engine identity."""

    def __init__(self, root: Path, identity: Mapping[str, Any], session: Mapping[str, Any]) -> None:
        """Open the segments of an identity.

        Args:
            root: Folder of all identities.
            identity: What decides an answer; names the folder.
            session: What this process records beside its answers.
        """
        self._folder = root / json_digest(dict(identity))
        self._header = {"identity": dict(identity), "session": dict(session)}
        self._segment: int | None = None

    def find(self, keys: Collection[str]) -> dict[str, Answer]:
        """The stored answers among keys. Answers with outcome ``error`` are never stored, so never found."""
        wanted, found = set(keys), dict[str, Answer]()
        for path in sorted(self._folder.glob("*.jsonl")):
            for line in path.read_bytes().splitlines()[1:]:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue  # the torn last line of a killed writer: half an object, or half a character
                key = row.pop("key")
                if key in wanted and key not in found:
                    found[key] = Answer(**row)
        return found

    def store(self, key: str, answer: Answer) -> None:
        """Keep one answer; it survives a kill of this process right after."""
        if answer.outcome == "error":
            return
        if self._segment is None:
            self._segment = self._open()
        _append(self._segment, {"key": key, **dataclasses.asdict(answer)})

    def close(self) -> None:
        """Close the segment of this process."""
        if self._segment is not None:
            os.close(self._segment)
            self._segment = None

    def _open(self) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{ULID()}.jsonl"
        segment = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        _append(segment, self._header)
        return segment


def _append(segment: int, row: Mapping[str, Any]) -> None:
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
    os.write(segment, line.encode("utf-8", errors="surrogatepass"))
