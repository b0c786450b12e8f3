"""Answers stored by canonical request: append-only segments, one write per answer, the first stored answer wins.

An engine identity has a folder. Each process that generates writes a segment of its own there, ``<ULID>.jsonl``: a
header (identity, session, run), then a line per answer. No other process writes to it, so a killed writer leaves at
most one torn last line, which readers skip. `leases` decide which process may generate which key.

Should a key have two answers all the same, the one stored earlier counts: by its time, then segment and line. Files
are read whole, column by column: a hundred thousand answers take a tenth of a second.
"""

import dataclasses
import io
import json
import os
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from ulid import ULID

from sg_assets.generation.leases import Leases
from sg_assets.generation.protocol import Answer, Engine
from sg_assets.store.fingerprints import json_digest

_SEGMENT_LINE = {
    "key": pl.String,
    "outcome": pl.String,
    "response": pl.String,
    "prompt_tokens": pl.Int64,
    "response_tokens": pl.Int64,
    "finish": pl.String,
    "at": pl.String,
}
STORED_ANSWERS = {**_SEGMENT_LINE, "segment": pl.String}
"""Columns of `AnswerCache.find`: an answer, when it was stored (UTC) and the segment that holds it."""


class AnswerCache:
    """The answers of one engine identity."""

    def __init__(self, root: Path, engine: Engine, run_id: str, log: Callable[[str], None]) -> None:
        """Open the segments of an engine's identity.

        Args:
            root: Folder of all identities.
            engine: Its identity names the folder; its session is recorded with the answers.
            run_id: The run that asks, recorded too.
            log: Takes a line about each damaged segment.
        """
        self.folder = root / json_digest(dict(engine.identity))
        self.leases = Leases(self.folder / "leases")
        self._engine = engine
        self._run_id = run_id
        self._log = log
        self._segment: int | None = None
        self._damaged: set[str] = set()

    def find(self, keys: Collection[str]) -> pl.DataFrame:
        """The stored answers among keys, a row each. Outcome ``error`` is never stored, so never found."""
        parts = [self._read(path) for path in sorted(self.folder.glob("*.jsonl"))]
        lines = pl.concat([pl.DataFrame(schema=STORED_ANSWERS), *parts])
        wanted = pl.DataFrame({"key": list(keys)}, schema={"key": pl.String})
        # Rows are by segment and line so far, and the sort keeps that order within one time.
        return (
            lines.join(wanted, on="key", how="semi", maintain_order="left")
            .sort("at", maintain_order=True, nulls_last=False)
            .unique("key", keep="first", maintain_order=True)
        )

    def sessions(self, found: pl.DataFrame) -> list[dict[str, Any]]:
        """How answers were generated: run, libraries, batch size, device, machine; ``answers`` is how many."""
        made: dict[str, dict[str, Any]] = {}
        for segment, answers in found.group_by("segment").len().sort("segment").rows():
            header = json.loads((self.folder / segment).open(encoding="utf-8").readline())
            session = {"run_id": header.get("run_id"), **header["session"]}
            entry = made.setdefault(json_digest(session), {**session, "answers": 0})
            entry["answers"] += answers
        return list(made.values())

    def store(self, key: str, answer: Answer) -> None:
        """Keep one answer; it survives a kill of this process right after."""
        if answer.outcome == "error":
            return
        if self._segment is None:
            self._segment = self._open()
        row = dataclasses.asdict(answer) | {"response": _valid_unicode(answer.response)}
        try:
            _append(self._segment, {"key": key, **row, "at": _now()})
        except OSError:
            self.close()  # the segment may end in half a line: nothing may follow it
            raise

    def close(self) -> None:
        """Close the segment of this process."""
        if self._segment is not None:
            os.close(self._segment)
            self._segment = None

    def _open(self) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{ULID()}.jsonl"
        segment = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        identity, session = dict(self._engine.identity), dict(self._engine.session)
        _append(segment, {"identity": identity, "session": session, "run_id": self._run_id, "at": _now()})
        return segment

    def _read(self, path: Path) -> pl.DataFrame:
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]  # the rest is the torn last line of a killed writer
        rows = _parse(whole)
        if rows is None:
            rows = self._undamaged(path, whole)
        answers = rows.filter(pl.col("key").is_not_null(), pl.col("outcome").is_not_null())
        return answers.with_columns(segment=pl.lit(path.name))

    def _undamaged(self, path: Path, content: bytes) -> pl.DataFrame:
        """The lines that can be read, line by line. A killed writer leaves no others damaged; a failing disk may."""
        parsed = [_parse(line) for line in content.split(b"\n")]
        lost = sum(frame is None for frame in parsed)
        if path.name not in self._damaged:
            self._damaged.add(path.name)
            self._log(f"{path}: {lost} damaged line(s); their answers count as not stored")
        return pl.concat(frame for frame in parsed if frame is not None)


def _parse(lines: bytes) -> pl.DataFrame | None:
    try:
        return pl.read_ndjson(io.BytesIO(lines), schema=_SEGMENT_LINE)
    except pl.exceptions.PolarsError:
        return None


def _valid_unicode(text: str | None) -> str | None:
    """The text, with the replacement character for half a surrogate pair: no table could hold it."""
    return None if text is None else text.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _append(segment: int, row: Mapping[str, Any]) -> None:
    line = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    while line:  # a disk that fills up takes a part of it, and refuses the rest
        line = line[os.write(segment, line) :]
