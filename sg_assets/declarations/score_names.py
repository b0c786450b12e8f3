"""Names of scores: those that are built in, and the assets that follow from the name of a benchmark."""

from typing import Final

ITEMS: Final = "_items"
"""Ends the name of the table of the values a score is estimated from."""
SIMILARITY: Final = "similarity"
"""The metric of divergence."""
RAW: Final = "raw"
NORMALISED: Final = "normalised"
"""The metrics of the leaderboard."""
BUILT_IN: Final = frozenset(
    {"divergence", "leaderboard", "objectives", "results", "model_card", "release", SIMILARITY, RAW, NORMALISED}
)
"""Names that no benchmark may have: of tables of scores and reports, and of metrics."""


def assets_of_benchmark(name: str) -> tuple[str, ...]:
    """The assets that follow from a benchmark: answers, judgements, scores and their values item by item."""
    return (f"responses/{name}", f"judgements/{name}", f"scores/{name}", f"scores/{name}{ITEMS}")
