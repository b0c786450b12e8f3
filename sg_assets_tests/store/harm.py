"""Ways in which a stored file comes to harm."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

Harm = Callable[[Path, random.Random], None]


def flip_bit(path: Path, chosen: random.Random) -> None:
    """Flip a random bit and put the times back, as a broken disk does."""
    before, data = path.stat(), bytearray(path.read_bytes())
    data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def truncate(path: Path, chosen: random.Random) -> None:
    """Lose the end of a file."""
    os.truncate(path, chosen.randrange(path.stat().st_size))


def zero(path: Path, _: random.Random) -> None:
    """Lose the bytes of a file and keep its length."""
    path.write_bytes(bytes(path.stat().st_size))


def become_folder(path: Path, _: random.Random) -> None:
    """Put a folder where the file was."""
    path.unlink()
    path.mkdir()


def vanish(path: Path, _: random.Random) -> None:
    """Remove a file."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()


HARMS: dict[str, Harm] = {
    "flipped": flip_bit, "truncated": truncate, "zeroed": zero, "folder": become_folder, "removed": vanish,
}  # fmt: skip
