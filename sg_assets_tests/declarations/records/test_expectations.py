"""Expectations are read and checked without the library that evaluates them, and every mistake is reported."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.declarations.records.expectations import queries_of, rules_of
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

FILE = "models/expectations/templated/prompts.yaml"


@pytest.fixture(scope="module")
def whole() -> ProjectDeclarations:
    return read_project(PROJECT, "tiny", generated_comments=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "models/expectations")
    return tmp_path


def load(
    project: Path, rule: str, about: str = "templated/prompts", head: str = "id: it, description: It holds."
) -> ProjectDeclarations:
    path = project / f"models/expectations/{about}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"expectations:\n  - {{{head}, {rule}}}\n")
    return read_project(project, "tiny", generated_comments=True)


WRONG = {
    "unknown expectation": (
        "expectation: expect_column_values_to_be_betwen, kwargs: {column: label}",
        ["expectations.it", "expect_column_values_to_be_betwen", "Did you mean 'expect_column_values_to_be_between'?"],
    ),
    "one that does not run on DuckDB": (
        "expectation: expect_column_values_to_match_regex, kwargs: {column: prompt, regex: a}",
        ["unknown expectation", "regexp_matches(column, 'pattern')"],
    ),
    "unknown kwarg": (
        "expectation: expect_column_values_to_be_in_set, kwargs: {column: label, value_sets: [safe]}",
        ["unknown kwarg 'value_sets'", "Did you mean 'value_set'?"],
    ),
    "missing kwarg": (
        "expectation: expect_column_values_to_be_in_set, kwargs: {column: label}",
        ["lacks the kwarg 'value_set'"],
    ),
    "kwarg of another kind": (
        "expectation: expect_column_values_to_be_in_set, kwargs: {column: label, value_set: safe}",
        ["kwarg 'value_set' is 'safe'", "it takes a list"],
    ),
    "share beyond 1": (
        "expectation: expect_column_values_to_not_be_null, kwargs: {column: label, mostly: 95}",
        ["kwarg 'mostly' is 95", "a share (0 to 1)"],
    ),
    "unknown column": (
        "expectation: expect_column_values_to_not_be_null, kwargs: {column: lable}",
        ["templated/prompts has no column 'lable'", "Did you mean 'label'?"],
    ),
    "unknown column in a list": (
        "expectation: expect_compound_columns_to_be_unique, kwargs: {column_list: [prompt_id, lable]}",
        ["has no column 'lable'"],
    ),
    "unknown thing to look for": (
        "look_for: near_duplicate, kwargs: {text: prompt}",
        ["cannot look for 'near_duplicate'", "Did you mean 'near_duplicates'?"],
    ),
    "unknown kwarg of what is looked for": (
        "look_for: duplicates, kwargs: {text: prompt, atmost: 0.1}",
        ["expectations.it, kwargs", "unknown key 'atmost'", "Did you mean 'at_most'?"],
    ),
    "neither text nor texts": ("look_for: duplicates", ["needs either 'text' or 'texts'"]),
    "sides without a select": (
        "look_for: duplicates, kwargs: {text: prompt, across_sides: true}",
        ["has no sides", "'side'"],
    ),
    "select without a side": (
        'look_for: duplicates, kwargs: {texts: "SELECT prompt_id AS id, prompt AS text FROM this", across_sides: true}',
        ["the SELECT gives no 'side'"],
    ),
    "text that is none": ("look_for: personal_data, kwargs: {text: length(prompt)}", ["gives BIGINT", "a text"]),
    "label that is no column": ("look_for: label_drift, kwargs: {column: lable, at_most: 0.1}", ["no column 'lable'"]),
    "condition that is none": ("condition: length(prompt)", ["gives BIGINT", "true or false"]),
    "condition over an unknown column": ("condition: lable = 'safe'", ["does not bind to templated/prompts", "lable"]),
    "condition over another table": (
        "condition: prompt_id IN (SELECT prompt_id FROM templated.splits)",
        ["reads 'templated/splits'", "templated/prompts is not made of"],
    ),
    "condition over no table": (
        "condition: prompt_id IN (SELECT prompt_id FROM templated.split)",
        ["there is no table 'templated/split'", "Did you mean 'templated/splits'?"],
    ),
    "overlap with what came later": (
        "look_for: overlap, kwargs: {text: prompt, against: [SELECT response AS text FROM responses.toxigen]}",
        ["reads 'responses/toxigen'"],
    ),
    "unknown parameter": ("condition: length(prompt) < $longest", ["unknown parameter '$longest'"]),
    "kwargs of a condition": ("condition: 'true', kwargs: {column: label}", ["a condition takes no kwargs"]),
    "two kinds at once": ("condition: 'true', look_for: duplicates", ["exactly one of"]),
    "no kind": ("kwargs: {}", ["exactly one of"]),
    "unknown severity": ("condition: 'true', severity: fatal", ["severity", "'error' or 'warning'"]),
    "unknown key": ("condition: 'true', colour: red", ["unknown key 'colour'"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_told_with_its_file_and_what_is_right(project: Path, name: str) -> None:
    rule, parts = WRONG[name]
    with pytest.raises(SgAssetsError) as caught:
        load(project, rule)
    for part in [FILE, *parts]:
        assert part in str(caught.value)


def test_an_unknown_table_is_told(project: Path) -> None:
    with pytest.raises(
        SgAssetsError, match=r"expectations/templated/prompt\.yaml: there is no table.*'templated/prompts'"
    ):
        load(project, "condition: 'true'", "templated/prompt")


@pytest.mark.parametrize("taken", ["key", "columns", "texts_times_templates"])
def test_a_name_that_another_check_has_is_told(project: Path, taken: str) -> None:
    with pytest.raises(SgAssetsError, match=taken):
        load(project, "condition: 'true'", head=f"id: {taken}, description: It holds.")


def test_all_mistakes_are_told_at_once(project: Path) -> None:
    (project / "models/expectations/raw").mkdir(parents=True)
    (project / "models/expectations/raw/nothing.yaml").write_text(
        "expectations: [{id: a, description: A., condition: 'true'}]"
    )
    with pytest.raises(SgAssetsError, match=r"2 declaration\(s\) are wrong"):
        load(project, "condition: lable = 'safe'")


def test_a_schema_s_file_is_about_each_of_its_tables(project: Path) -> None:
    whole = load(project, "condition: outcome = 'ok'", "responses")
    for benchmark in whole.declared.benchmarks:
        assert "it" in [rule.id for rule in rules_of(whole.declared.expectations, f"responses/{benchmark}")]
    with pytest.raises(SgAssetsError, match="does not bind to responses/sg_safety"):
        load(project, "condition: template_ids IS NULL", "responses")


def test_a_table_that_only_another_profile_has_is_none_here_and_no_mistake(project: Path) -> None:
    load(project, "condition: metric = 'raw'", "scores/leaderboard")
    assert "scores/leaderboard" not in read_project(project, "tiny", generated_comments=True).graph.nodes


def test_there_need_be_no_expectations(project: Path) -> None:
    expected = read_project(project, "tiny", generated_comments=True).declared.expectations
    assert {asset.split("/")[0] for asset in expected} == {"responses", "judgements"}  # what benchmarks imply


def test_parameters_are_found_in_every_kind_of_sql(project: Path) -> None:
    whole = load(
        project,
        'look_for: duplicates, kwargs: {texts: "SELECT prompt_id AS id, prompt AS text FROM this WHERE $seed = 1"}',
    )
    rules = rules_of(whole.declared.expectations, "templated/prompts")
    assert [query.parameters for rule in rules for query in queries_of(rule)] == [("seed",)]


def test_labels_are_held_against_those_of_people_where_there_are_any(project: Path) -> None:
    shutil.copytree(PROJECT / "models/expectations", project / "models/expectations")
    sample = project / "data" / "labelled_by_people.csv"

    def names() -> list[str]:
        whole = read_project(project, "tiny", generated_comments=True)
        return [rule.id for rule in rules_of(whole.declared.expectations, "raw/sg_toxicity_prompts")]

    without = names()
    sample.parent.mkdir()
    sample.write_text("text_id,label\na,safe\n")
    assert sorted(names()) == sorted([*without, "people_agree_with_the_judge"])


def test_a_sample_is_about_columns_of_the_table(project: Path) -> None:
    (project / "people.csv").write_text("text_id,verdict\na,safe\n")
    asked = "look_for: agreement, kwargs: {sample: people.csv, kappa_at_least: 0.6, label: verdict}"
    with pytest.raises(SgAssetsError, match="raw/sg_toxicity_prompts has no column 'verdict'"):
        load(project, asked, "raw/sg_toxicity_prompts")


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
