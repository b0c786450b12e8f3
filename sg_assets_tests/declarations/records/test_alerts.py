"""What is declared of alerts."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.project_declarations import read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def declare(project: Path, text: str) -> None:
    (project / "models/alerts.yaml").write_text(text)


WRONG = {
    "a target that is none": (
        "routes: [{to: [fil]}]",
        ["routes.0.to.0", "'fil' is neither 'file' nor 'terminal'", "Did you mean 'file'?"],
    ),
    "a URL in the file": (
        "routes: [{to: ['https://hooks.example/s3cret']}]",
        ["routes.0.to.0", "nor the name of an environment variable"],
    ),
    "no target": ("routes: [{to: []}]", ["routes.0.to", "at least 1 item"]),
    "an unknown severity": ("routes: [{severity: bad, to: [file]}]", ["routes.0.severity", "'warning'"]),
    "an unknown key": ("escalte: []", ["unknown key 'escalte'", "Did you mean 'escalate'?"]),
    "an unknown group": (
        "routes: [{groups: [score], to: [file]}]",
        ["models/alerts.yaml, routes", "unknown group 'score'", "Did you mean 'scores'?"],
    ),
    "an owner of nothing": (
        "owners: [{assets: raw/*, owner: data}]\nroutes: [{owners: [dta], to: [file]}]",
        ["'dta' owns no asset", "Did you mean 'data'?"],
    ),
    "a pattern that matches nothing": (
        "quiet: [{assets: scores/objective}]",
        ["models/alerts.yaml, quiet", "no asset matches 'scores/objective'", "Did you mean 'scores/objectives'?"],
    ),
    "escalation downwards": (
        "escalate: [{severity: error, after_hours: 1, to: warning}]",
        ["escalate.0", "'warning' is not more severe than 'error'"],
    ),
    "escalation without a when": (
        "escalate: [{severity: error, to: critical}]",
        ["escalate.0", "needs either after_hours or after_failures"],
    ),
    "an unknown source": ("freshness: [{source: forum, max_age_hours: 1}]", ["freshness.0.source", "'comments'"]),
    "a source twice": (
        "freshness: [{source: comments, max_age_hours: 1}, {source: comments, max_age_hours: 2}]",
        ["'comments' is declared twice"],
    ),
    "an unknown profile": ("profiles: {dmo: {}}", ["profiles", "unknown profile 'dmo'", "Did you mean 'demo'?"]),
    "a profile that is no mapping": ("profiles: {demo: [1]}", ["profiles", "must hold `profile: {key: value}`"]),
    "a wrong key of the profile": ("profiles: {demo: {rate_limit: {notices: 0}}}", ["rate_limit.notices"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_by_key_and_reason(project: Path, case: str) -> None:
    text, parts = WRONG[case]
    declare(project, text)
    with pytest.raises(SgAssetsError) as caught:
        read_project(project, "demo", generated_comments=True)
    for part in ["models/alerts.yaml", *parts]:
        assert part in str(caught.value)


def test_a_profile_replaces_what_it_names(project: Path) -> None:
    declare(project, "routes: [{to: [file]}]\nrate_limit: {notices: 5}\nprofiles: {tiny: {routes: [{to: [PAGER]}]}}")
    tiny, demo = (load_declarations(project, name).alerts for name in ("tiny", "demo"))
    assert [route.to for route in tiny.routes] == [("PAGER",)]
    assert [route.to for route in demo.routes] == [("file",)]
    assert tiny.rate_limit == demo.rate_limit


def test_without_the_file_nobody_is_told(project: Path) -> None:
    (project / "models/alerts.yaml").unlink()
    assert load_declarations(project, "demo").alerts.routes == ()


def test_the_first_owner_that_matches_is_the_owner(project: Path) -> None:
    declare(project, "owners: [{assets: raw/forum_*, owner: forum}, {assets: raw/*, owner: data@sg.example}]")
    alerts = load_declarations(project, "demo").alerts
    assert [alerts.owner_of(asset) for asset in ("raw/forum_comments", "raw/toxigen_prompts", "scores/sg_safety")] == [
        "forum", "data@sg.example", None,
    ]  # fmt: skip


@pytest.mark.parametrize("profile", ["demo", "tiny", "paper"])
def test_every_profile_can_be_told_of_assets_that_only_some_have(project: Path, profile: str) -> None:
    declare(project, "quiet: [{assets: scores/leaderboard}, {assets: demo/*}, {assets: raw/comment_files}]")
    read_project(project, profile, generated_comments=profile != "paper")


def test_the_demo_tells_a_file_and_the_terminal() -> None:
    (route,) = load_declarations(PROJECT, "demo").alerts.routes
    assert route.to == ("file", "terminal")
