"""What people do in the Dagster UI, by real clicks on a real server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.browser.conftest import Shot
from sg_assets_tests.browser.server import Server
from sg_assets_tests.e2e.conftest import sg_assets
from sg_assets_tests.e2e.test_changed_threshold import FLAGGED_FROM, SCORE
from sg_assets_tests.e2e.test_new_variant import VARIANT, declare

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
    """Click it; the status its run ends in."""
    before = {run["id"] for run in server.runs()}
    page.goto(f"{server.url}/assets/{asset}")
    page.get_by_role("button").filter(has_text=re.compile(r"^Materialize$")).click()
    return server.wait_for_run(before)


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
