"""The text of notices."""

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import RunOutcome
from sg_assets_tests.alerts.world import A, at, event, notices, rules, run


def test_a_notice_tells_old_and_new_value_and_links(store: IncidentStore) -> None:
    declared = rules(dagster_url="https://dagster.example", owners=[{"assets": "raw/*", "owner": "data"}])
    run(store, declared, 1, event(A, 1, passed=True, value="failing 0"))
    run(store, declared, 2, event(A, 2, value="failing 3"))
    (notice,) = notices(store)
    assert notice.title == "tiny: opened (error): check few of raw/a"
    assert notice.body.splitlines() == [
        "opened (error): check few of raw/a",
        "  now: failing 3",
        "  before: failing 0",
        "  asset: https://dagster.example/assets/raw/a?view=checks",
        f"  incident {store.incidents()[0].id}, owner data",
        "run: https://dagster.example/runs/run2",
        f"notice {notice.id}",
    ]


def test_assets_that_were_not_made_are_counted(store: IncidentStore) -> None:
    store.record_run(RunOutcome(run="r", events=(event(A, 1),), left_out=4), rules(), at(1))
    assert "4 more assets of the run were not made." in notices(store)[0].body
