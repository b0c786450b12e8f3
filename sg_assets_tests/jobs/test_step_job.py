"""The job that does a step's work: the same content, details and machines as where the step does it itself."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.declarations.records.model import Generation
from sg_assets.errors import SgAssetsError
from sg_assets.generation.benchmark_responses import answer_items
from sg_assets.jobs import step_job
from sg_assets.jobs.step_job import GivenContent, StepSpec, details_file, read_spec
from sg_assets.jobs.step_work import AnswerItems
from sg_assets.machine import this_machine
from sg_assets.processes.job_process import machines_file, reason_file
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets.training.checkpoints import read_machines
from sg_assets_tests.generation.prompt_tables import prompts
from sg_assets_tests.store.steps import new_store, recipe, step, workspace

QUERY = "SELECT prompt_id AS item_id, prompt FROM templated.prompts"
SETTINGS = Generation(batch_size=2, max_new_tokens=4, max_prompt_tokens=64, dtype="float32", device="cpu", threads=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def spec_of(opened: Workspace, folder: Path) -> StepSpec:
    """The spec of a step that answers prompts."""
    pinned = [version for versions in opened.inputs.values() for version in versions]
    return StepSpec(
        outputs=tuple(map(str, opened.outputs)),
        inputs=tuple(GivenContent(version=version, path=opened.store.path(version)) for version in pinned),
        folder=opened.folder, parameters=dict(opened.parameters), run_id="run",
        work=AnswerItems(query=QUERY, settings=SETTINGS, answers=folder / "answers"),
    )  # fmt: skip


@pytest.fixture
def written(store: Store, tmp_path: Path) -> Iterator[tuple[Workspace, Path]]:
    """A step's workspace, and its spec as a file."""
    with workspace(store, "responses/b[base]", *prompts(store), rank=8) as opened:
        file = tmp_path / "spec.json"
        file.write_text(spec_of(opened, tmp_path).model_dump_json())
        yield opened, file


def test_the_work_has_the_step_s_inputs_folder_and_parameters(
    written: tuple[Workspace, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, file = written

    def function(given: Workspace, **arguments: Any) -> None:
        assert given.ref == opened.ref
        assert given.parameters == {"rank": 8}
        given.write_table(given.query(arguments["query"]).sort("item_id"))
        given.details["rows"] = given.table("templated/prompts").height
        given.ran_on([this_machine(3)])

    monkeypatch.setattr(AnswerItems, "function", function)
    assert step_job.main([str(file)]) == 0
    assert pl.read_parquet(opened.table_file)["item_id"].to_list() == ["a", "b", "c"]
    assert json.loads(details_file(file).read_text()) == {"rows": 3}
    assert read_machines(machines_file(file)) == [this_machine(3)]


def test_what_it_was_not_given_it_cannot_read(
    written: tuple[Workspace, Path], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = written
    other = step(store, "models/chat[base]", _model, made_by=recipe(key=())).manifest

    def function(given: Workspace, **_: Any) -> None:
        given.store.path(other)

    monkeypatch.setattr(AnswerItems, "function", function)
    assert step_job.main([str(file)]) == 2
    assert "the job was not given this content" in reason_file(file).read_text()


def _model(opened: Workspace) -> None:
    opened.result_folder.mkdir()
    (opened.result_folder / "config.json").write_text("{}")


@pytest.mark.parametrize(
    ("values", "named"), [({"work": {"kind": "os"}}, "work"), ({"folder": None}, "folder"), ({"more": 1}, "more")]
)
def test_a_wrong_spec_is_refused_by_name(written: tuple[Workspace, Path], values: dict[str, Any], named: str) -> None:
    _, file = written
    file.write_text(json.dumps(json.loads(file.read_text()) | values))
    with pytest.raises(SgAssetsError, match=named):
        read_spec(file)


def test_no_spec_is_said(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no such spec"):
        read_spec(tmp_path / "spec.json")


@pytest.mark.slow
def test_answers_are_those_of_the_step_itself(store: Store, tmp_path: Path, micro_model: Path) -> None:
    def copy(opened: Workspace) -> None:
        shutil.copytree(micro_model, opened.result_folder)

    model = step(store, "models/chat[base]", copy, made_by=recipe(key=())).manifest
    given: tuple[Manifest, ...] = (*prompts(store), model)
    made: dict[str, tuple[bytes, dict[str, Any], int]] = {}
    for where in ("step", "job"):
        with workspace(store, "responses/b[base]", *given) as opened:
            if where == "step":
                answer_items(opened, QUERY, SETTINGS, tmp_path / where, log=print, run_id="run")
            else:
                file = tmp_path / "spec.json"
                file.write_text(spec_of(opened, tmp_path).model_dump_json())
                assert step_job.main([str(file)]) == 0
                opened.details.update(json.loads(details_file(file).read_text()))
                opened.ran_on(read_machines(machines_file(file)))
            details = {**opened.details, "generation_seconds": None}
            made[where] = (opened.table_file.read_bytes(), details, len(opened.machines))
    assert made["job"] == made["step"]
    assert made["job"][1]["answers_generated"] == 3
