"""Whoever gets alerts learns that a repair wrote what is current."""

from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import open_incidents
from sg_assets.orchestration.repair_alerts import alert_of_repair
from sg_assets.store.refs import Ref


def test_a_head_that_a_repair_wrote_opens_an_incident(tiny: Project) -> None:
    alert_of_repair(tiny, [Ref.parse("raw/forum_comments")], lambda _: None)
    with open_incidents(tiny) as incidents:
        assert incidents.stopped_partitions() == {"raw/forum_comments"}
