"""Records that show when a byte of them has changed: each ends with the digest of all before it.

A record without a seal was written before records had one. It is read as it is: nothing says whether it is intact.
"""

import hashlib
import re
from typing import Final

from pydantic import ValidationError

from sg_assets.errors import DamagedStoreError
from sg_assets.store.backends.interface import Files

_SEAL: Final = re.compile(rb',"sha256":"([0-9a-f]{64})"\}\Z')
REPAIR: Final = "Run `sg-assets repair`: it restores what has a copy, and names what has none"


def sealed(text: str) -> str:
    """The text of a record, a JSON object, with the digest of it as its last key."""
    return f'{text[:-1]},"sha256":"{_digest(text.encode())}"}}'


def unsealed(data: bytes, where: str) -> bytes:
    """A record without its seal, as it was before it was sealed.

    Args:
        data: The record as it is stored.
        where: Where it lies, for errors.

    Raises:
        DamagedStoreError: it is not what was sealed.
    """
    seal = _SEAL.search(data)
    if seal is None:
        return data
    text = data[: seal.start()] + b"}"
    if _digest(text) != seal[1].decode():
        raise DamagedStoreError(
            "the record is damaged", where=where, why="its bytes are not those that were written", remedy=REPAIR
        )
    return text


def is_sealed(data: bytes) -> bool:
    """Whether a record has a seal, intact or not."""
    return _SEAL.search(data) is not None


def read_record(files: Files, name: str, where: str | None = None) -> bytes:
    """A record of a store without its seal.

    Args:
        files: The store's files.
        name: The record's name.
        where: Where it lies, for errors; its name by default.

    Raises:
        FileNotFoundError: there is none of this name.
        DamagedStoreError: it cannot be read, or is not what was written.
    """
    return unsealed(read_bytes(files, name, where), where or name)


def read_bytes(files: Files, name: str, where: str | None = None) -> bytes:
    """A record of a store as it is stored.

    Raises:
        FileNotFoundError: there is none of this name.
        DamagedStoreError: it cannot be read: no permission, a folder of its name, a broken disk.
    """
    try:
        return files.read(name)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedStoreError(
            "the record cannot be read", where=where or name, why=error.strerror or type(error).__name__, remedy=REPAIR
        ) from error


def invalid_fields(error: ValidationError) -> str:
    """What is wrong with a record, without the values that it holds."""
    return "; ".join(f"{'.'.join(map(str, part['loc'])) or 'the record'}: {part['msg']}" for part in error.errors())


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
