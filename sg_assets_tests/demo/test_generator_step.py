"""The step that writes the demo's generator."""

import json
from pathlib import Path

import pytest

from sg_assets.demo.generator_step import write_generator
from sg_assets.demo.responder import BEHAVIOUR
from sg_assets.errors import SgAssetsError
from sg_assets_tests.store.steps import new_store, workspace


def test_the_rule_and_its_behaviour_are_the_content(tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "models/generator") as work:
        write_generator(work, None)
        written = json.loads((work.result_folder / "generator.json").read_text())
    assert written == {"engine": "rule", "behaviour": BEHAVIOUR}


def test_a_model_behind_an_endpoint_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "models/generator") as work:
        with pytest.raises(SgAssetsError, match="the generator gpt-x cannot be used yet"):
            write_generator(work, "gpt-x")
        assert not work.result_folder.exists()
