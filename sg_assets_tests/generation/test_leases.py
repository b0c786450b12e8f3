"""One lease per key: held by one, waited for by others, free when its holder is dead."""

import signal
import subprocess
import sys
from pathlib import Path

from sg_assets.generation.leases import Leases, is_held, wait_for_leases

HOLD = """
import sys, time
from pathlib import Path
from sg_assets.generation.leases import Leases
with Leases(Path(sys.argv[1])).claim(lambda: sys.argv[2:]):
    print("held", flush=True)
    time.sleep(60)
"""


def held_elsewhere(folder: Path, *keys: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder), *keys], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_whoever_asks_first_holds_the_keys(tmp_path: Path) -> None:
    leases, other = Leases(tmp_path), Leases(tmp_path)
    with leases.claim(lambda: ["a", "b"]) as first, other.claim(lambda: ["b", "c"]) as second:
        assert (first.mine, first.taken, first.others) == (("a", "b"), 0, ())
        assert (second.mine, second.taken) == (("c",), 1)
        assert len(second.others) == 1


def test_keys_are_free_when_the_block_ends(tmp_path: Path) -> None:
    leases = Leases(tmp_path)
    with leases.claim(lambda: ["a"]):
        pass
    with leases.claim(lambda: ["a"]) as again:
        assert again.mine == ("a",)
    assert list(tmp_path.glob("*.keys")) == []


def test_a_lease_on_other_keys_is_not_waited_for(tmp_path: Path) -> None:
    with Leases(tmp_path).claim(lambda: ["a"]), Leases(tmp_path).claim(lambda: ["b"]) as second:
        assert second.others == ()


def test_what_is_missing_is_asked_while_nobody_else_can_claim(tmp_path: Path) -> None:
    """Else another process could finish a key between the look at the leases and the look at the answers."""
    import fcntl

    def missing() -> list[str]:
        with (tmp_path / "claim.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return ["alone"]
        return ["not alone"]

    with Leases(tmp_path).claim(missing) as claim:
        assert claim.mine == ("alone",)


def test_a_killed_holder_s_keys_are_free_at_once(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path, "a", "b") as process:
        with Leases(tmp_path).claim(lambda: ["a"]) as before:
            assert (before.mine, before.taken) == ((), 1)
        process.send_signal(signal.SIGKILL)
    assert not is_held(before.others[0])
    with Leases(tmp_path).claim(lambda: ["a"]) as after:
        assert after.mine == ("a",)
    assert list(tmp_path.glob("*.keys")) == []


def test_waiting_ends_when_the_holder_dies_and_is_told_meanwhile(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path, "a") as process:
        with Leases(tmp_path).claim(lambda: ["a"]) as claim:
            pass
        reports: list[int] = []

        def report() -> None:
            reports.append(1)
            if len(reports) == 2:
                process.send_signal(signal.SIGKILL)

        wait_for_leases(claim.others, report)
    assert len(reports) >= 2
