"""The texts of the check of a score's move."""

from sg_assets.lineage.render.score_move_text import moves_line, moves_table
from sg_assets.lineage.scores.score_move import ScoreMove, score_moves
from sg_assets.lineage.why import Why

SAFE, UNSAFE = ("rejection_rate", "safe"), ("toxicity_rate", "unsafe")


def watched(shown: Why) -> tuple[ScoreMove, ...]:
    return score_moves(shown, {SAFE: None, UNSAFE: 0.01})


def test_a_line_counts_the_watched_scores_where_none_moved(shown: Why) -> None:
    assert moves_line(watched(shown)) == "none of 2 watched scores moved enough to be reported"


def test_a_line_says_why_no_score_could_be_compared() -> None:
    assert moves_line([]) == "no watched score is in both versions"
    assert moves_line([], ["the content is lost"]) == "the content is lost"


def test_the_table_has_a_row_per_watched_score_with_its_reported_size(shown: Why) -> None:
    rows = moves_table(watched(shown)).splitlines()[2:]
    assert [row.split(" | ")[5] for row in rows] == ["any size", "1.00 %"]
    assert rows[0].startswith("| rejection\\_rate, safe | 70.00 % | 70.83 % |")
