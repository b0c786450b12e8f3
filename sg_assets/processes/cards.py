"""Leases on the GPU cards of a machine: a job that needs a card holds one, and no other job of the machine holds it.

A lease is a lock on a file named for the card, in a folder that all processes of the machine share: runs of the command
line and of the UI, of every home. The system releases it however its holder ends. Whoever waits for a card shows it by
a lock of its own, so that a process that only keeps a model loaded can end and make room.
"""

import fcntl
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from sg_assets.errors import InvalidSettingError

CARDS_VARIABLE: Final = "SG_CARDS"
"""Names the cards that a job may lease, as ``CUDA_VISIBLE_DEVICES`` names them; where it is empty or absent, the
launcher has given the job its cards, or there are none."""
LOCKS_VARIABLE: Final = "SG_CARD_LOCKS"
"""The folder of the locks, for a machine whose /tmp not all processes share."""
VISIBLE: Final = "CUDA_VISIBLE_DEVICES"
_LOCKS: Final = Path("/tmp/sg_assets_cards")  # noqa: S108 - one for all users of the machine; see `_folder`
_DEVICES: Final = Path("/dev")
_DEVICE: Final = re.compile(r"nvidia(\d+)")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9.-]")
_POLL_SECONDS: Final = 0.2
_SECONDS_BETWEEN_REPORTS: Final = 60.0

Report = Callable[[str], None]


def machine_cards(declared: int | None) -> tuple[str, ...]:
    """The cards that the jobs of a profile may lease.

    ``CUDA_VISIBLE_DEVICES`` names them where it is set, else the system's devices. A profile that declares more than
    there are gets those that there are; where the system shows none, what is declared is believed.

    Args:
        declared: How many the profile declares; None for one, if there is one.
    """
    named = os.environ.get(VISIBLE)
    shown = _named(named) if named is not None else _devices()
    if not shown and named is None and declared is not None:
        shown = [str(number) for number in range(declared)]
    return tuple(shown[: declared or 1])


@contextmanager
def card_lease(cards: Sequence[str], say: Report) -> Iterator[str]:
    """Hold one of the cards until the block ends; waits until one is free, with lines of progress."""
    with ExitStack() as held:
        yield _leased(cards, held, say)


def keep_card(cards: Sequence[str], say: Report) -> str:
    """The same until this process ends: only then is the card's memory free."""
    held = ExitStack()
    card = _leased(cards, held, say)
    held.pop_all()  # never closed: the system releases the lock
    return card


def _leased(cards: Sequence[str], held: ExitStack, say: Report) -> str:
    folder = _folder()
    card = _free_card(folder, cards, held)
    if card is None:
        with _wish(folder, cards):
            card = _wait(folder, cards, held, say)
    return card


def is_wanted(cards: Sequence[str]) -> bool:
    """Whether a process waits for one of the cards."""
    folder = _folder()
    return not all(_lock(folder / f"{_name(card)}.wanted", fcntl.LOCK_EX, None) for card in cards)


def _wait(folder: Path, cards: Sequence[str], held: ExitStack, say: Report) -> str:
    wished = "a GPU card" if len(cards) == 1 else f"one of {len(cards)} GPU cards"
    reported = float("-inf")
    while (card := _free_card(folder, cards, held)) is None:
        if time.monotonic() - reported >= _SECONDS_BETWEEN_REPORTS:
            say(f"waiting for {wished}, which other jobs of this machine hold")
            reported = time.monotonic()
        time.sleep(_POLL_SECONDS)
    return card


def _free_card(folder: Path, cards: Sequence[str], held: ExitStack) -> str | None:
    return next((card for card in cards if _lock(folder / f"{_name(card)}.lock", fcntl.LOCK_EX, held)), None)


@contextmanager
def _wish(folder: Path, cards: Sequence[str]) -> Iterator[None]:
    with ExitStack() as shown:
        for card in cards:
            while not _lock(folder / f"{_name(card)}.wanted", fcntl.LOCK_SH, shown):
                time.sleep(_POLL_SECONDS)  # somebody looks at it just now
        yield


def _lock(path: Path, kind: int, held: ExitStack | None) -> bool:
    """Lock a file, for as long as `held`, or for a look where that is None; False where somebody holds it."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    if held is None:
        os.close(descriptor)
    else:
        held.callback(os.close, descriptor)
    return True


def _opened(path: Path) -> int:
    """A lock file, open; others may open it, too, for it holds nothing."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        pass
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    except FileExistsError:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    os.fchmod(descriptor, 0o644)
    return descriptor


def _folder() -> Path:
    """The folder of the locks, made if missing, for all users: each may add files, and remove only its own.

    Raises:
        InvalidSettingError: something else has its name.
    """
    folder = Path(os.environ.get(LOCKS_VARIABLE) or _LOCKS)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        folder.chmod(0o1777)
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise InvalidSettingError(
            "this is no folder", where=str(folder), why="the locks of GPU cards lie there",
            remedy=f"Remove it, or set {LOCKS_VARIABLE} to a folder that all users of the machine share",
        )  # fmt: skip
    return folder


def _devices() -> list[str]:
    matches = (_DEVICE.fullmatch(path.name) for path in _DEVICES.glob("nvidia*"))
    return [str(number) for number in sorted(int(match[1]) for match in matches if match)]


def _named(value: str) -> list[str]:
    """The cards that a value of ``CUDA_VISIBLE_DEVICES`` names: CUDA reads it up to the first that is none."""
    cards: list[str] = []
    for name in (part.strip() for part in value.split(",")):
        if not name or name == "-1" or name in cards:
            break
        cards.append(name)
    return cards


def _name(card: str) -> str:
    return _UNSAFE.sub("_", card)
