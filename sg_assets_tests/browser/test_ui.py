"""What people do in the Dagster UI, by real clicks on a real server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sg_assets.orchestration.acts import accept, publish, revert, verify
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.browser.conftest import Shot
from sg_assets_tests.browser.server import Server
from sg_assets_tests.e2e.conftest import sg_assets
from sg_assets_tests.e2e.test_changed_threshold import FLAGGED_FROM, SCORE
from sg_assets_tests.e2e.test_new_variant import VARIANT, declare
from sg_assets_tests.orchestration.older import TEMPLATES, made_by_older_code

OPS = {publish.JOB: publish.OP, revert.JOB: revert.OP, verify.JOB: verify.OP, accept.JOB: accept.OP}
pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
TABLE = """\
-- description: Long prompts.
-- key: prompt_id
-- column letters: Length of the prompt in characters.
-- check few_rows: count(*) < {most}
SELECT prompt_id, length(prompt) AS letters FROM templated.prompts WHERE length(prompt) > 80
"""


def fingerprints(server: Server) -> dict[str, str]:
    store = Store(server.home / "tiny" / "store", "tiny")
    return {str(ref): store.required_head(ref).fingerprint for ref in store.refs()}


def materialize(server: Server, page: Page, asset: str) -> str:
    """Materialize an asset by a click; the status its run ends in."""
    before = {run["id"] for run in server.runs()}
    page.goto(f"{server.url}/assets/{asset}")
    page.get_by_role("button").filter(has_text=re.compile(r"^Materialize$")).click()
    return server.wait_for_run(before)


def launch(server: Server, page: Page, job: str, config: dict[str, Any], shot: Shot) -> str:
    """Launch a job from its launchpad, with the config of its op; the status its run ends in."""
    before = {run["id"] for run in server.runs()}
    page.goto(f"{server.url}/locations/sg_assets/jobs/{job}/playground")
    editor = page.locator(".CodeMirror").first
    expect(editor).to_contain_text(OPS[job])
    shot(f"{job}_launchpad")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(json.dumps({"ops": {OPS[job]: {"config": config}}}))
    page.get_by_role("button", name="Launch Run").click()
    status = server.wait_for_run(before)
    page.wait_for_url("**/runs/**")
    return status


def latest_event(server: Server, page: Page, asset: str) -> None:
    """Open the events of an asset, the latest of which is shown whole."""
    page.goto(f"{server.url}/assets/{asset}?view=events")


@pytest.fixture
def project(server: Server, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project that the server shows."""
    for name, value in {"SG_PROJECT": server.project, "SG_HOME": server.home, "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    return load_project()


@pytest.fixture
def long_prompts(server: Server) -> Iterator[Path]:
    path = server.project / "sql/templated/long_prompts.sql"
    yield path
    path.unlink()
    server.reload()


def test_an_asset_that_is_up_to_date_is_confirmed_by_a_click(server: Server, page: Page, shot: Shot) -> None:
    before = fingerprints(server)
    assert materialize(server, page, "templated/templates") == "SUCCESS"
    expect(page.get_by_text("nothing to do").first).to_be_visible()
    shot("materialized")
    assert fingerprints(server) == before


def test_a_score_leads_back_to_its_sources(server: Server, page: Page, shot: Shot) -> None:
    page.goto(f"{server.url}/assets/scores/sg_safety?view=lineage&lineageScope=upstream&lineageDepth=8")
    for name in ("base_responses", "mix_prompts", "judge_texts", "forum_comments"):
        expect(page.get_by_text(name, exact=True).first).to_be_attached()
    shot("lineage")
    page.get_by_text("mix_prompts", exact=True).first.click()
    page.wait_for_url("**/assets/training/mix_prompts**")


def test_a_failing_check_shows_and_its_recovery_too(server: Server, page: Page, shot: Shot, long_prompts: Path) -> None:
    long_prompts.write_text(TABLE.format(most=1))
    server.reload()
    assert materialize(server, page, "templated/long_prompts") == "FAILURE"
    page.goto(f"{server.url}/assets/templated/long_prompts?view=checks&checkDetail=few_rows")
    expect(page.get_by_text("Failed").first).to_be_visible()
    shot("check_failed")
    long_prompts.write_text(TABLE.format(most=100000))
    server.reload()
    assert materialize(server, page, "templated/long_prompts") == "SUCCESS"
    page.goto(f"{server.url}/assets/templated/long_prompts?view=checks&checkDetail=few_rows")
    expect(page.get_by_text("Passed").first).to_be_visible()
    shot("check_passed")


def test_the_dialog_fills_a_variant_nobody_has_seen_before_and_touches_nothing_else(
    server: Server, page: Page, shot: Shot
) -> None:
    before = fingerprints(server)
    (server.project / "models/variants/kto_gentle.yaml").write_text(VARIANT)
    declare(server.project, "base", "sft_r128", "sft_kto", "sft_dpo", "kto_gentle")
    server.reload()
    page.goto(f"{server.url}/asset-groups~key%3A%22adapters%2Fkto%22%2B/")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("dialog").get_by_role("button", name="Missing", exact=True).click()
    shot("backfill_dialog")
    page.get_by_role("dialog").get_by_role("button", name="Launch backfill").click()
    assert server.wait_for_backfill() == "COMPLETED_SUCCESS"
    after = fingerprints(server)
    made = {name for name in after if before.get(name) != after[name]}
    assert sum(name.startswith("adapters/") for name in made) == 1
    assert {Ref.parse(name).partition for name in made} == {"kto_gentle", None}
    assert {name for name in made if "[" not in name} == {"reports/results", "reports/status"}
    page.goto(f"{server.url}/assets/adapters/kto?view=partitions")
    expect(page.get_by_text("kto_gentle").first).to_be_visible()
    expect(page.get_by_text("Missing (0)")).to_be_visible()
    shot("partitions")


def test_a_score_says_what_changed(server: Server, page: Page, shot: Shot) -> None:
    judge = server.project / "models/judges/toxigen.yaml"
    judge.write_text(judge.read_text().replace("balanced: 0.5", f"balanced: {FLAGGED_FROM}"))
    server.reload()
    launched = sg_assets(server.home, "backfill", str(SCORE), "--server", server.url, SG_PROJECT=str(server.project))
    assert launched.returncode == 0, launched.stderr
    backfill = launched.stdout.strip().rpartition("/")[2]
    assert server.wait_for_backfill(backfill) == "COMPLETED_SUCCESS"
    page.goto(f"{server.url}/assets/scores/toxigen?partition=base")
    expect(page.get_by_text("what_changed").first).to_be_visible()
    expect(page.get_by_text("threshold").first).to_be_visible()
    page.get_by_text("what_changed").first.scroll_into_view_if_needed()
    shot("what_changed")


def test_the_status_of_it_all_is_an_asset(server: Server, page: Page, shot: Shot) -> None:
    assert materialize(server, page, "reports/status") == "SUCCESS"
    expect(page.get_by_text("steps_due").first).to_be_visible()
    shot("status")


def test_a_version_is_reverted_and_one_is_published_from_quarantine(
    server: Server, page: Page, shot: Shot, long_prompts: Path, project: Project
) -> None:
    ref = Ref.parse("templated/long_prompts")
    long_prompts.write_text(TABLE.format(most=100000))
    server.reload()
    assert materialize(server, page, str(ref)) == "SUCCESS"
    earlier = project.store.required_head(ref)
    long_prompts.write_text(TABLE.format(most=100000).replace("80", "70"))
    server.reload()
    assert materialize(server, page, str(ref)) == "SUCCESS"
    assert project.store.required_head(ref) != earlier

    assert (
        launch(server, page, "revert", {"asset_partition": str(ref), "why": "too short", "who": "Ada"}, shot)
        == "SUCCESS"
    )
    expect(page.get_by_text("is current again in place of").first).to_be_visible()
    shot("revert_run")
    assert project.store.required_head(ref) == earlier
    latest_event(server, page, str(ref))
    expect(page.get_by_text("too short").first).to_be_visible()
    shot("reverted")

    long_prompts.write_text(TABLE.format(most=1).replace("80", "60"))
    server.reload()
    assert materialize(server, page, str(ref)) == "FAILURE"
    candidate = quarantined_versions(project.store, ref)[-1]  # an earlier test leaves another in quarantine
    config = {"version": candidate.version, "why": "right as it is"}
    assert launch(server, page, "publish", config, shot) == "SUCCESS"
    expect(page.get_by_text("published from quarantine").first).to_be_visible()
    shot("publish_run")
    assert project.store.required_head(ref).version == candidate.version
    latest_event(server, page, str(ref))
    expect(page.get_by_text("right as it is").first).to_be_visible()
    shot("published")


def test_contents_are_verified(server: Server, page: Page, shot: Shot, project: Project) -> None:
    assert launch(server, page, "verify", {"names": [TEMPLATES]}, shot) == "SUCCESS"
    expect(page.get_by_text("None differs from its record").first).to_be_visible()
    shot("verify_run")
    latest_event(server, page, TEMPLATES)
    expect(page.get_by_text("contents are as recorded").first).to_be_visible()
    shot("verified")
    content = project.store.path(project.store.required_head(Ref.parse(TEMPLATES)))
    before = content.read_bytes()
    content.write_bytes(before[:-20])
    try:
        assert launch(server, page, "verify", {"names": [TEMPLATES]}, shot) == "FAILURE"
    finally:
        content.write_bytes(before)
    expect(page.get_by_text("Build it again: `sg-assets backfill").first).to_be_visible()
    shot("verify_failed")


def test_a_version_of_older_code_is_accepted(
    server: Server, page: Page, shot: Shot, long_prompts: Path, project: Project
) -> None:
    name = "templated/long_prompts"
    long_prompts.write_text(TABLE.format(most=100000).replace("80", "50"))
    server.reload()
    made_by_older_code(load_project(), name)
    assert launch(server, page, "accept", {"names": [name], "why": "renamed"}, shot) == "SUCCESS"
    expect(page.get_by_text("names what counts as current by an acceptance").first).to_be_visible()
    shot("accept_run")
    latest_event(server, page, name)
    expect(page.get_by_text("accepted: renamed").first).to_be_visible()
    shot("accepted")
