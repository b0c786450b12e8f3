"""A comparison to show, with every kind of section."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.lineage.why import Why, why
from sg_assets.store.manifests import PinnedInput
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import JUDGE_MODULE, World


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Why]:
    """A template, a threshold, a rank, a judge's code and the comments edited at once; with texts or without."""
    store = Store(tmp_path_factory.mktemp("shown") / "store", "demo")
    first = World()
    before = first.build(store, "1")
    after = replace(
        first,
        comments=46,
        rank=64,
        templates=dict(first.templates) | {"reply_to": "Answer this comment: {text}"},
        thresholds={"is_toxic": 0.4, "is_refusal": 0.5},
        judge_module=JUDGE_MODULE.replace("% 10", "% 9"),
    ).build(store, "2")
    return lambda with_text: fixed(why(store, before, after, with_text=with_text))


def fixed(found: Why) -> Why:
    """The same with version ids that are the same in every run."""
    explanation = found.explanation
    before, after = (_named(pin, name) for pin, name in ((explanation.before, "V1"), (explanation.after, "V2")))
    return replace(found, explanation=replace(explanation, before=before, after=after))


def _named(pin: PinnedInput, version: str) -> PinnedInput:
    return pin.model_copy(update={"version": version})


@pytest.fixture
def shown(compared: Callable[[bool], Why]) -> Why:
    return compared(False)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Holds a text to the file of its name. After a wanted change write it anew with ``UPDATE_GOLDENS=1``, and look."""
    folder = Path(__file__).parent / "goldens"

    def check(name: str, text: str) -> None:
        if os.environ.get("UPDATE_GOLDENS"):
            (folder / name).write_text(text, encoding="utf-8")
        assert text.splitlines() == (folder / name).read_text(encoding="utf-8").splitlines()

    return check
