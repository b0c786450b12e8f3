"""What this machine remembers of model files: small JSON records beside the hub's cache. Losing them costs digests."""

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

from ulid import ULID


def files_root() -> Path:
    """The folder of all that is derived from model files on this machine: in the hub library's own cache."""
    from huggingface_hub import constants

    return Path(constants.HF_ASSETS_CACHE) / "sg_assets"


def record_name(text: str) -> str:
    """A file name for any text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def read_record(path: Path) -> dict[str, Any]:
    """A record; empty where there is none that can be read."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_record(path: Path, content: dict[str, Any]) -> None:
    """Replace a record as a whole; no error where it fails."""
    temporary = path.with_name(f"{ULID()}.part")
    with contextlib.suppress(OSError):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(content), encoding="utf-8")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
