"""Expectations are read and checked without the library that evaluates them, and every mistake is reported."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.declarations.records.expectations import queries_of, rules_of
from sg_assets_tests.declarations.rule_files import load
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole() -> ProjectDeclarations:
    return read_project(PROJECT, "tiny", generated_comments=True)


def test_there_need_be_no_expectations(project_without_rules: Path) -> None:
    expected = read_project(project_without_rules, "tiny", generated_comments=True).declared.expectations
    implied = {"responses", "judgements", "templated"}  # by benchmarks, and by sides that come with texts
    assert {asset.split("/")[0] for asset in expected} == implied


def test_parameters_are_found_in_every_kind_of_sql(project_without_rules: Path) -> None:
    whole = load(
        project_without_rules,
        'look_for: duplicates, kwargs: {texts: "SELECT prompt_id AS id, prompt AS text FROM this WHERE $seed = 1"}',
    )
    rules = rules_of(whole.declared.expectations, "templated/prompts")
    assert [query.parameters for rule in rules for query in queries_of(rule)] == [("seed",)]


def test_labels_are_held_against_those_of_people_where_there_are_any(project_without_rules: Path) -> None:
    shutil.copytree(PROJECT / "models/expectations", project_without_rules / "models/expectations")
    sample = project_without_rules / "data" / "labelled_by_people.csv"

    def names() -> list[str]:
        whole = read_project(project_without_rules, "tiny", generated_comments=True)
        return [rule.id for rule in rules_of(whole.declared.expectations, "raw/sg_toxicity_prompts")]

    without = names()
    sample.parent.mkdir()
    sample.write_text("text_id,label\na,safe\n")
    assert sorted(names()) == sorted([*without, "people_agree_with_the_judge"])


def test_every_table_of_the_shipped_profiles_has_expectations() -> None:
    for profile in ("tiny", "demo", "paper"):
        whole = read_project(PROJECT, profile, generated_comments=True)
        assert [asset for asset in whole.tables if not rules_of(whole.declared.expectations, asset)] == []


def test_every_rule_says_what_holds_in_one_sentence(whole: ProjectDeclarations) -> None:
    rules = [rule for rules in whole.declared.expectations.values() for rule in rules]
    assert [rule.id for rule in rules if not rule.description.endswith(".") or len(rule.description) > 140] == []


def test_reading_them_imports_neither_the_library_nor_pandas() -> None:
    script = (
        "import sys; from pathlib import Path; from sg_assets.declarations.project_declarations import read_project; "
        f"read_project(Path({str(PROJECT)!r}), 'tiny', generated_comments=True); "
        "print({'great_expectations', 'pandas', 'sqlalchemy'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"
