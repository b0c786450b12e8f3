"""The summary of a status."""

from sg_assets.status.summary import summary
from sg_assets_tests.status.small import SmallGraph


def test_partitions_that_stand_alike_share_a_line(built: SmallGraph) -> None:
    built.comments = 4
    [line] = [line for line in summary(built.survey().values(), []).lines if line.asset == "adapters/sft"]
    assert line.name == "adapters/sft[sft, kto]"
