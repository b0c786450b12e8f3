"""Rules are held against the tables they are about, and every mistake is reported."""

from pathlib import Path

import pytest

from sg_assets.declarations.project_declarations import read_project
from sg_assets.declarations.records.expectations import rules_of
from sg_assets.errors import SgAssetsError
from sg_assets_tests.declarations.rule_files import FILE, load

pytestmark = pytest.mark.slow

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
        ["is missing the kwarg 'value_set'"],
    ),
    "kwarg of another kind": (
        "expectation: expect_column_values_to_be_in_set, kwargs: {column: label, value_set: safe}",
        ["kwarg 'value_set' is 'safe'", "It takes a list"],
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
        ["compares sides, but its texts have none", "'side'"],
    ),
    "select without a side": (
        'look_for: duplicates, kwargs: {texts: "SELECT prompt_id AS id, prompt AS text FROM this", across_sides: true}',
        ["the SELECT has no column 'side'"],
    ),
    "text that is none": ("look_for: personal_data, kwargs: {text: length(prompt)}", ["gives BIGINT", "a text"]),
    "label that is no column": ("look_for: label_drift, kwargs: {column: lable, at_most: 0.1}", ["no column 'lable'"]),
    "condition that is none": ("condition: length(prompt)", ["gives BIGINT", "true or false"]),
    "condition over an unknown column": (
        "condition: lable = 'safe'",
        ["DuckDB rejects the SQL on templated/prompts", "lable"],
    ),
    "condition over another table": (
        "condition: prompt_id IN (SELECT prompt_id FROM templated.splits)",
        ["reads 'templated/splits'", "which is not an input of templated/prompts"],
    ),
    "condition over no table": (
        "condition: prompt_id IN (SELECT prompt_id FROM templated.split)",
        ["unknown table 'templated/split'", "Did you mean 'templated/splits'?"],
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
def test_a_wrong_rule_is_told_with_its_file_and_what_is_right(project_without_rules: Path, name: str) -> None:
    rule, parts = WRONG[name]
    with pytest.raises(SgAssetsError) as caught:
        load(project_without_rules, rule)
    for part in [FILE, *parts]:
        assert part in str(caught.value)


def test_an_unknown_table_is_told(project_without_rules: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"expectations/templated/prompt\.yaml: unknown table.*'templated/prompts'"):
        load(project_without_rules, "condition: 'true'", "templated/prompt")


@pytest.mark.parametrize("taken", ["key", "columns", "texts_times_templates"])
def test_a_name_that_another_check_has_is_told(project_without_rules: Path, taken: str) -> None:
    with pytest.raises(SgAssetsError, match=taken):
        load(project_without_rules, "condition: 'true'", head=f"id: {taken}, description: It holds.")


def test_all_mistakes_are_told_at_once(project_without_rules: Path) -> None:
    (project_without_rules / "models/expectations/raw").mkdir(parents=True)
    (project_without_rules / "models/expectations/raw/nothing.yaml").write_text(
        "expectations: [{id: a, description: A., condition: 'true'}]"
    )
    with pytest.raises(SgAssetsError, match=r"2 declaration\(s\) are wrong"):
        load(project_without_rules, "condition: lable = 'safe'")


def test_a_schema_s_file_is_about_each_of_its_tables(project_without_rules: Path) -> None:
    whole = load(project_without_rules, "condition: outcome = 'ok'", "responses")
    for benchmark in whole.declared.benchmarks:
        assert "it" in [rule.id for rule in rules_of(whole.declared.expectations, f"responses/{benchmark}")]
    with pytest.raises(SgAssetsError, match="DuckDB rejects the SQL on responses/sg_safety"):
        load(project_without_rules, "condition: template_ids IS NULL", "responses")


def test_a_table_that_only_another_profile_has_is_none_here_and_no_mistake(project_without_rules: Path) -> None:
    load(project_without_rules, "condition: metric = 'raw'", "scores/leaderboard")
    assert "scores/leaderboard" not in read_project(project_without_rules, "tiny", generated_comments=True).graph.nodes


def test_a_sample_is_about_columns_of_the_table(project_without_rules: Path) -> None:
    (project_without_rules / "people.csv").write_text("text_id,verdict\na,safe\n")
    asked = "look_for: agreement, kwargs: {sample: people.csv, kappa_at_least: 0.6, label: verdict}"
    with pytest.raises(SgAssetsError, match="raw/sg_toxicity_prompts has no column 'verdict'"):
        load(project_without_rules, asked, "raw/sg_toxicity_prompts")
