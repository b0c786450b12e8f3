"""Status and plan in the terminal."""

import re

from sg_assets_tests.status.render.views import printed
from sg_assets_tests.status.small import SmallGraph


def test_the_terminal_counts_and_says_what_is_behind_it(built: SmallGraph) -> None:
    text = printed(built)
    assert "14 partitions: 3 missing, 4 out of date, 7 current" in text
    assert "Behind 4 of them: training parameter rank 8 -> 16 (adapters/sft[sft])" in text
    assert "1 with versions, no longer declared: scores/s[gone]" in text


def test_the_plan_ends_with_its_cost(built: SmallGraph) -> None:
    assert re.search(
        r"runs: 7 steps of work, about \d+ rows, up to 14 model calls, GPU pool .* no price declared for GPU time",
        printed(built),
    )
