"""A file's bytes, decompressed; what expands beyond any dump of texts is refused."""

from pathlib import Path
from types import TracebackType
from typing import Final

import pyarrow as pa

from sg_assets.errors import SgAssetsError

FREE: Final = 16 << 20
"""Bytes that a file may always expand to."""
MOST_TIMES: Final = 200
"""How many times its size a larger one may expand to, up to any point of it. Dumps of texts expand 3 to 20 times."""


class Decompressed:
    """A stream of a file's bytes."""

    def __init__(self, path: Path, codec: str | None) -> None:
        self._path = path
        self._file = pa.OSFile(str(path))
        self._stream = self._file if codec is None else pa.CompressedInputStream(self._file, codec)
        self._bounded = codec is not None
        self._read = 0

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end.

        Raises:
            SgAssetsError: there are more than any dump of texts expands to.
        """
        data: bytes = self._stream.read(size)
        self._read += len(data)
        if self._bounded and self._read > max(FREE, MOST_TIMES * self._file.tell()):
            raise expands(self._path)
        return data

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        self._file.close()

    def __enter__(self) -> "Decompressed":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def expands(path: Path) -> SgAssetsError:
    """The error for a file that expands too far."""
    return SgAssetsError(
        f"it expands to more than {MOST_TIMES} times its size",
        where=str(path),
        why="no dump of texts does; a decompression bomb would",
        remedy="If it is right nevertheless, decompress it yourself.",
    )
