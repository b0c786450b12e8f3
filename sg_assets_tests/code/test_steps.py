"""What the code of each kind of step is, and which libraries it uses."""

import os
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from sg_assets.code.closure import Closure, installed_analysis
from sg_assets.code.ignored_libraries import WITHOUT_EFFECT, distributions
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project

GOLDENS = Path(__file__).parent / "goldens"
EXPENSIVE = {
    "training": "adapters/kto",
    "pretraining": "models/chat",
    "generation": "responses/sg_safety",
    "judging": "judgements/sg_safety",
    "embedding": "scores/divergence",
    "leaderboard": "scores/leaderboard",
}


@pytest.mark.parametrize("name", EXPENSIVE)
def test_the_code_of_an_expensive_step_is_as_reviewed(closures: dict[str, Closure], name: str) -> None:
    """A definition that joins or leaves shows as a line here, before it puts versions out of date.

    ``UPDATE_GOLDENS=1`` writes the files anew.
    """
    closure = closures[EXPENSIVE[name]]
    lines = [*map(str, closure.digests), "", "left out:", *map(str, closure.left_out)]
    file = GOLDENS / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        GOLDENS.mkdir(exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == file.read_text(encoding="utf-8").splitlines()


def test_no_step_reaches_the_whole_store(closures: dict[str, Closure]) -> None:
    wide = ("sg_assets.store.backends.remote", "sg_assets.store.heads", "sg_assets.store.store", "sg_assets.cli.app")
    reached = {asset: set(closure.modules) & set(wide) for asset, closure in closures.items()}
    assert {asset: modules for asset, modules in reached.items() if modules} == {}


def test_every_name_that_a_step_uses_is_bound_somewhere(closures: dict[str, Closure]) -> None:
    unbound = {
        f"{definition}: {name}"
        for closure in closures.values()
        for definition in closure.digests
        for name in installed_analysis().form(definition).unresolved
    }
    assert unbound == set()


def test_no_step_s_code_reads_names_of_definitions(closures: dict[str, Closure]) -> None:
    """Else a rename would move it."""
    assert {asset for asset, closure in closures.items() if closure.names_count} == set()


def test_libraries_that_a_step_uses_are_part_of_its_recipe(project: Project, closures: dict[str, Closure]) -> None:
    asset_defs = asset_defs_of(project)
    first = {ref.asset: ref.partition for ref in reversed(project.graph.refs)}
    missing = [
        f"{asset}: {name}"
        for asset, closure in closures.items()
        for name in sorted(distributions(closure.externals) - WITHOUT_EFFECT.keys())
        if name not in map(_plain, asset_defs[asset].recipe(first[asset]).libraries)
    ]
    assert missing == []


def test_a_judgement_s_recipe_has_what_orders_its_rows(project: Project) -> None:
    libraries = asset_defs_of(project)["judgements/sg_safety"].recipe("base").libraries
    assert {"polars", "numpy", "scipy", "scikit-learn"} <= set(libraries)


def test_import_names_lead_to_the_distributions_that_are_installed(closures: dict[str, Closure]) -> None:
    installed = {root: {_plain(name) for name in names} for root, names in packages_distributions().items()}
    wrong = {
        root: name
        for closure in closures.values()
        for root in {external.split(".", maxsplit=1)[0] for external in closure.externals}
        for name in distributions([root])
        if name not in installed.get(root, {name})
    }
    assert wrong == {}


def test_files_of_the_package_that_a_step_reads_count_by_their_content(
    project: Project, closures: dict[str, Closure]
) -> None:
    """A definition that finds a file beside its module names it; the step's recipe has its text."""
    asset_defs, analysis = asset_defs_of(project), installed_analysis()
    first = {ref.asset: ref.partition for ref in reversed(project.graph.refs)}
    read: dict[str, set[str]] = {}
    for asset, closure in closures.items():
        for definition in closure.digests:
            if "builtins.__file__" in analysis.form(definition).externals:
                read.setdefault(asset, set()).update(re.findall(r'"([\w.]+\.\w+)"', analysis.source(definition)))
    assert "page.html.j2" in read["reports/results"]
    counted = {asset: {Path(name).name for name in asset_defs[asset].recipe(first[asset]).code.texts} for asset in read}
    assert {asset: names - counted[asset] for asset, names in read.items() if names - counted[asset]} == {}


def test_a_library_without_effect_has_a_reason() -> None:
    assert all(len(reason) > 10 for reason in WITHOUT_EFFECT.values())


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
