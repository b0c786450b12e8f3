"""Stored outputs of models and progress of jobs that came to harm."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.generation.kept_outputs import intact
from sg_assets_tests.bad_inputs.bad_input import BadInput, command, error_of
from sg_assets_tests.generation.test_kept_outputs import store_answers, store_scores
from sg_assets_tests.store.harm import HARMS
from sg_assets_tests.training.test_checkpoint_checks import job

KINDS = ("flipped", "truncated", "zeroed", "folder", "removed")


def _checkpoint(home: Path) -> Path:
    return job(home) / "steps" / "checkpoint-2" / "weights.bin"


MADE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "answers": (store_answers, "asked again by the step that needs it"),
    "scores": (store_scores, "asked again by the step that needs it"),
    "checkpoint": (_checkpoint, "no job goes on from it"),
}
"""What makes a file of a home, and how `verify` says what becomes of it."""


def _verified(part: str, kind: str) -> BadInput:
    make, remedy = MADE[part]

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        environment.setenv("SG_HOME", str(home))
        environment.setenv("SG_PROFILE", "demo")
        environment.delenv("SG_STORE", raising=False)
        file = make(home / "demo")
        HARMS[kind](file, random.Random(3))
        before = sorted((home / "demo").rglob("*"))
        text = command("verify")
        assert sorted(path for path in before if not path.exists()) == []
        return text

    return BadInput(f"{part}-{kind}", act, (part if part != "scores" else "judged", "`sg-assets repair`", remedy))


def _paid(kind: str) -> BadInput:
    def act(home: Path, _: pytest.MonkeyPatch) -> str:
        HARMS[kind](store_answers(home), random.Random(3))

        def read() -> None:
            with intact(home / "answers", lambda _: None, is_paid=True):
                raise AssertionError("the step began")

        return error_of(read)

    return BadInput(f"paid-answers-{kind}", act, ("paid model", ".jsonl", "costs money", "`sg-assets plan`"))


def _while_reading(kind: str) -> BadInput:
    def act(home: Path, _: pytest.MonkeyPatch) -> str:
        segment = store_answers(home)

        def read() -> None:
            with intact(home / "answers", lambda _: None):
                HARMS[kind](segment, random.Random(3))

        return error_of(read)

    return BadInput(f"while-reading-{kind}", act, ("damaged while the step read them", ".jsonl", "Run the step again"))


CASES: list[BadInput] = [
    *(_verified(part, kind) for part in MADE for kind in KINDS),
    *(_paid(kind) for kind in KINDS),
    *(_while_reading(kind) for kind in ("flipped", "truncated", "zeroed", "removed")),
]
