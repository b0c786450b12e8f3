"""The code of every kind of step that any profile declares."""

import pytest

from sg_assets.code.closure import Closure
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.step_closure import step_closure
from sg_assets_tests.tracing.every_kind import declare_every_kind


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny profile with what only larger ones declare."""
    folder = tmp_path_factory.mktemp("every_kind")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SG_PROJECT", str(declare_every_kind(folder)))
        patch.setenv("SG_PROFILE", "tiny")
        patch.setenv("SG_HOME", str(tmp_path_factory.mktemp("home")))
        for name in ("SG_RAW", "SG_TOXIGEN_DIR", "SG_SEED"):
            patch.delenv(name, raising=False)
        return load_project()


@pytest.fixture(scope="session")
def closures(project: Project) -> dict[str, Closure]:
    """By asset, of its first partition."""
    first = {ref.asset: ref for ref in reversed(project.graph.refs)}
    made = {asset: ref for asset, ref in first.items() if project.graph.nodes[asset].output_of is None}
    return {asset: step_closure(project, ref) for asset, ref in sorted(made.items())}
