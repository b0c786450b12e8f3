"""Leases on GPU cards: each job its own, shared by every process of the machine."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.errors import InvalidSettingError
from sg_assets.processes import cards
from sg_assets.processes.cards import LOCKS_VARIABLE, VISIBLE, card_lease, is_wanted, machine_cards

HOLDER = """
import sys, time
from sg_assets.processes.cards import card_lease
with card_lease(sys.argv[1].split(","), lambda line: print(line, flush=True)) as card:
    print("holds", card, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(LOCKS_VARIABLE, str(tmp_path / "locks"))
    monkeypatch.setattr(cards, "_DEVICES", tmp_path)
    monkeypatch.delenv(VISIBLE, raising=False)
    return tmp_path / "locks"


def holder(named: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", HOLDER, named], stdout=subprocess.PIPE, text=True)


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_two_leases_are_of_two_cards() -> None:
    with card_lease(["0", "1"], print) as first, card_lease(["0", "1"], print) as second:
        assert {first, second} == {"0", "1"}


def test_a_card_is_free_again_when_its_lease_ends() -> None:
    for _ in range(2):
        with card_lease(["0"], print) as card:
            assert card == "0"


def test_who_waits_is_seen_and_gets_the_card_of_a_killed_holder() -> None:
    with holder("0") as first:
        assert said(first) == "holds 0"
        with holder("0") as second:
            assert said(second) == "waiting for a GPU card, which other jobs of this machine hold"
            assert is_wanted(["0"])
            first.kill()
            assert said(second) == "holds 0"
            assert not is_wanted(["0"])
            second.kill()


def test_nobody_waits_for_a_card_that_is_free() -> None:
    assert not is_wanted(["0", "1"])


def test_an_interrupt_ends_waiting() -> None:
    with card_lease(["0"], print), holder("0") as process:
        assert said(process).startswith("waiting")
        process.send_signal(signal.SIGINT)
        assert process.wait(5) != 0


def test_cards_are_those_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VISIBLE, "2, GPU-5d3,-1,7")
    assert machine_cards(8) == ("2", "GPU-5d3")
    assert machine_cards(None) == ("2",)


def test_an_empty_environment_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VISIBLE, "")
    assert machine_cards(8) == ()


def test_cards_are_those_of_the_machine_and_no_more_than_declared(tmp_path: Path) -> None:
    for name in ("nvidia0", "nvidia1", "nvidia10", "nvidiactl", "nvidia-uvm"):
        (tmp_path / name).touch()
    assert machine_cards(8) == ("0", "1", "10")
    assert machine_cards(2) == ("0", "1")
    assert machine_cards(None) == ("0",)


def test_a_machine_that_shows_none_has_what_is_declared() -> None:
    assert machine_cards(2) == ("0", "1")
    assert machine_cards(None) == ()


def test_other_users_may_lease_and_remove_nothing(locks: Path) -> None:
    before = os.umask(0o077)
    try:
        with card_lease(["0"], print):
            assert stat.S_IMODE(locks.stat().st_mode) == 0o1777
            assert stat.S_IMODE((locks / "0.lock").stat().st_mode) == 0o644
    finally:
        os.umask(before)


def test_the_name_of_a_card_leads_nowhere(locks: Path) -> None:
    with card_lease(["../../MIG-1/2"], print):
        assert [path.name for path in locks.iterdir()] == [".._.._MIG-1_2.lock"]


def test_a_link_in_the_place_of_the_folder_is_refused(locks: Path, tmp_path: Path) -> None:
    locks.symlink_to(tmp_path)
    with pytest.raises(InvalidSettingError, match="no folder"), card_lease(["0"], print):
        pass
