"""Variants of different methods: each parameter and input that differs is a cause; what is out of date is said."""

import shutil
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.render.json_documents import as_json
from sg_assets.lineage.render.why_markdown import document
from sg_assets.lineage.render.why_page import page
from sg_assets.lineage.render.why_text import cause_line
from sg_assets.lineage.walk import explain
from sg_assets.lineage.why import why
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.methods import SETTINGS, Trained, publish_prompts, train
from sg_assets_tests.lineage.render.views import terminal

METHODS = tuple(SETTINGS)
EDITS: dict[str, Any] = {"rank": 64, "seed": 8, "learning_rate": 0.01, "beta": 0.5, "epochs": 2}


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Manifest]]:
    """An adapter of each method, and one of DPO from another mix."""
    store = Store(tmp_path_factory.mktemp("methods") / "store", "demo")
    publish_prompts(store, 4)
    adapters = {method: train(store, method, method, Trained(method)) for method in METHODS}
    adapters["dpo unsafe"] = train(store, "unsafe", "dpo_unsafe", Trained("dpo", "unsafe_only", trl="1.16.1"))
    return store.home, adapters


@pytest.fixture
def store(trained: tuple[Path, dict[str, Manifest]], tmp_path: Path) -> Store:
    shutil.copytree(trained[0], tmp_path / "store")
    return Store(tmp_path / "store", "demo")


@pytest.fixture(scope="session")
def unchanged(trained: tuple[Path, dict[str, Manifest]]) -> Store:
    """For tests that publish nothing."""
    return Store(trained[0], "demo")


@pytest.fixture(scope="session")
def adapters(trained: tuple[Path, dict[str, Manifest]]) -> dict[str, Manifest]:
    return trained[1]


def lines(store: Store, before: Manifest, after: Manifest) -> dict[str, str]:
    return {cause.name: cause_line(cause) for cause in explain(store, before, after).causes}


def test_a_parameter_that_one_method_lacks_is_shown_as_such(unchanged: Store, adapters: dict[str, Manifest]) -> None:
    assert lines(unchanged, adapters["kto"], adapters["sft"])["beta"] == (
        "training parameter beta: 0.1 | not a parameter of SFT"
    )
    assert lines(unchanged, adapters["sft"], adapters["kto"])["beta"] == (
        "training parameter beta: not a parameter of SFT | 0.1"
    )


def test_the_mix_they_learned_from_is_a_cause_and_walked_down(unchanged: Store, adapters: dict[str, Manifest]) -> None:
    causes = lines(unchanged, adapters["kto"], adapters["dpo unsafe"])
    assert causes["examples of the mix"].endswith("training/kto_examples[balanced] -> training/dpo_pairs[unsafe_only]")
    assert causes["unsafe"] == "parameter unsafe: 50 -> 100"
    assert causes["asset"] == "training method asset: adapters/kto -> adapters/dpo"
    assert causes["synthesized/safe_prompt_rejections"].startswith("input synthesized/safe_prompt_rejections")
    assert causes["trl"] == "library trl: 1.16.0 -> 1.16.1"


def test_of_one_mix_the_examples_differ_by_the_method_alone(unchanged: Store, adapters: dict[str, Manifest]) -> None:
    causes = explain(unchanged, adapters["kto"], adapters["dpo"]).causes
    assert [(cause.kind, cause.name) for cause in causes if cause.kind is Kind.METHOD] == [
        (Kind.METHOD, "examples"), (Kind.METHOD, "asset"),
    ]  # fmt: skip
    assert not {"examples of the mix", "unsafe"} & {cause.name for cause in causes}
    assert Kind.NOT_REPEATED not in {cause.kind for cause in causes}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize(("first", "second"), list(permutations(METHODS, 2)))
def test_every_parameter_that_differs_is_named(
    unchanged: Store, adapters: dict[str, Manifest], first: str, second: str, name: str
) -> None:
    before = adapters[first]
    after = adapters[second].model_copy(update={"parameters": {**adapters[second].parameters, name: EDITS[name]}})
    expected = {
        name for name in before.parameters.keys() | after.parameters.keys()
        if before.parameters.get(name) != after.parameters.get(name)
    }  # fmt: skip
    causes = explain(unchanged, before, after).causes
    named = {cause.name: cause for cause in causes if cause.kind in (Kind.TRAINING, Kind.SEED)}
    assert named.keys() == expected
    for cause in named.values():
        lacking = [side.asset for side in (before, after) if cause.name not in side.parameters]
        assert cause.absent == "".join(f"not a parameter of {asset.rpartition('/')[2].upper()}" for asset in lacking)


def test_content_that_was_renewed_under_one_variant_alone_is_a_cause_and_said_to_be_out_of_date(
    store: Store, adapters: dict[str, Manifest]
) -> None:
    publish_prompts(store, 6)
    renewed = train(store, "renewed", "dpo", Trained("dpo"))
    comparison = why(store, adapters["kto"], renewed, rows=False)
    assert "parameter prompts: 4 -> 6" in [cause_line(cause) for cause in comparison.explanation.causes]
    stale = [note for note in comparison.notes if "which is out of date" in note]
    assert any("adapters/kto[kto] was made from templated/prompts" in note for note in stale)
    assert not any(note.startswith("adapters/dpo[dpo]") for note in stale)
    for form in (terminal, document, page, as_json):
        assert "which is out of date" in " ".join(form(comparison).split())


def test_content_beneath_an_input_of_one_variant_alone_is_walked_down(
    store: Store, adapters: dict[str, Manifest]
) -> None:
    publish_prompts(store, 6, "prompts", "rejections")
    balanced = store.required_head(adapters["kto"].inputs[0].ref)
    rejections = next(ref for ref in store.refs() if ref.asset == "synthesized/safe_prompt_rejections")
    pins = (adapters["dpo"].inputs[0], store.required_head(rejections).pin())
    after = adapters["dpo"].model_copy(update={"inputs": pins})
    assert balanced.inputs
    explanation = explain(store, adapters["kto"], after)
    assert "parameter prompts: 4 -> 6" in [cause_line(cause) for cause in explanation.causes]
    assert "templated/prompts" in {read for changed in explanation.changed for read in changed.reads}


def test_within_one_method_a_missing_value_is_unset(unchanged: Store, adapters: dict[str, Manifest]) -> None:
    after = adapters["kto"].model_copy(
        update={"fingerprint": "f" * 32, "parameters": {**adapters["kto"].parameters, "epochs": 2}}
    )
    [cause] = explain(unchanged, adapters["kto"], after).causes
    assert cause == Cause(Kind.TRAINING, ("adapters/kto[kto]",), "epochs", None, 2)
    assert replace(cause, absent="x").identity != cause.identity
