"""The kinds of assets of labels."""

from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.declarations.graph_building import graph_of
from sg_assets.declarations.kinds.people_labels import ALIGNMENT
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.loading import Declarations, load_declarations
from sg_assets.declarations.problems import Problems
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.people.labelled_project import write_project

pytestmark = pytest.mark.slow
NAMES = {"labels/answers", "labels/alignment", "labels/judged", "labels/agreement"}


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Declarations:
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    return load_declarations(folder, "tiny")


def nodes(declared: Declarations) -> dict[str, object]:
    return dict(graph_of(declared, Problems(), generated_comments=True).nodes)


def test_a_profile_that_takes_labels_has_their_assets(declared: Declarations) -> None:
    assert set(nodes(declared)) >= NAMES


def test_a_profile_that_takes_none_has_the_graph_that_it_had(declared: Declarations) -> None:
    shipped = load_declarations(PROJECT, "tiny")
    assert not NAMES & set(nodes(shipped))
    assert set(nodes(declared)) - NAMES == set(nodes(shipped))


def test_a_bound_is_for_a_declared_judge(tmp_path: Path) -> None:
    bound = "labels: {aligned: {toxicty: {sensitivity_at_least: 0.8, specificity_at_least: 0.9}}}\n"
    write_project(tmp_path, bound)
    with pytest.raises(SgAssetsError, match=r"labels.aligned: unknown judge 'toxicty'. Did you mean 'toxicity'"):
        load_declarations(tmp_path, "tiny")


def test_recorded_thresholds_and_bounds_are_put_back(declared: Declarations) -> None:
    bound = {"sensitivity_at_least": 0.5, "specificity_at_least": 0.6, "labels_at_least": 7}
    parameters = {"judges": [{"judge": "toxicity", "threshold": 0.3}], "bounds": {"toxicity": bound}}
    recorded = RecordedStep(Ref.parse("labels/alignment"), parameters, {})
    restored = ALIGNMENT.restored(replace(declared), recorded)
    assert restored.judges["toxicity"].cut == 0.3
    assert restored.profile.labels is not None
    assert restored.profile.labels.aligned["toxicity"].model_dump() == bound


@pytest.mark.parametrize("name", sorted({*NAMES, "labels/sample"}))
def test_each_table_states_its_columns(name: str) -> None:
    kind = kind_of(name)
    assert kind.pattern == name
    assert kind.columns is not None
