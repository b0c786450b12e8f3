"""A job in a process of its own: ``python -m sg_assets.jobs.entry PAYLOAD.json``.

Takes a card where the payload needs one and the launcher leaves the choice to it, and runs the work's own ``main`` on
the payload's spec: its exit status, reason and machines are the job's. The work keeps its progress in the folder that
its spec names, which one process holds at a time, so a second process with the same payload waits, then goes on.
"""

import importlib
import json
import os
import sys
from pathlib import Path

from sg_assets.jobs.payload import SPEC, Payload, read_payload
from sg_assets.processes.bar_locks import lock_bars_between_threads
from sg_assets.processes.cards import CARDS_VARIABLE, VISIBLE, keep_card
from sg_assets.processes.job_process import run_payload
from sg_assets.training.progress import reporter


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    statuses: list[int] = []
    refused = run_payload(arguments, lambda file: statuses.append(_run_alone(file)))
    return refused or statuses[-1]


def _run_alone(file: Path) -> int:
    payload = read_payload(file)
    take_card(payload)
    return run_work(payload, file)


def run_work(payload: Payload, file: Path) -> int:
    """Run the work of a payload in this process; returns its exit status, as its module's ``main`` does.

    Args:
        payload: The job.
        file: The payload's file: spec, reason and machines lie beside it.
    """
    lock_bars_between_threads()
    spec = file.with_name(SPEC)
    spec.write_text(json.dumps(payload.spec, indent=1), encoding="utf-8")
    status: int = importlib.import_module(payload.work).main([str(spec)])
    return status


def take_card(payload: Payload) -> str | None:
    """Hold a card until this process ends, if the payload needs one, and let the libraries see that card alone."""
    cards = leasable(payload)
    if not cards:
        return None
    card = keep_card(cards, report_line)
    os.environ[VISIBLE] = card
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")  # as the system numbers them
    os.environ.pop(CARDS_VARIABLE)
    return card


def leasable(payload: Payload) -> list[str]:
    """The cards of which a payload's job is to lease one; empty where it needs none, or has been given its own."""
    named = os.environ.get(CARDS_VARIABLE, "")
    return [] if payload.device == "cpu" else [card for card in named.split(",") if card]


def report_line(line: str) -> None:
    """Report one line, in a session of Dagster Pipes of its own where there is one."""
    with reporter() as say:
        say(line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
