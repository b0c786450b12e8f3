"""A comparison in words."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sg_assets.lineage.render import why_text
from sg_assets.lineage.scores.flips import Flip
from sg_assets.lineage.scores.ledger import LedgerEntry, LedgerPart, ScoreChange
from sg_assets.lineage.why import Why

SHARES = st.fractions(0, 1, max_denominator=997)


@given(SHARES, st.lists(SHARES.map(lambda share: share - Fraction(1, 2)), max_size=6))
def test_the_parts_shown_add_up_to_the_change_shown(before: Fraction, parts: list[Fraction]) -> None:
    entries = tuple(LedgerEntry(part, 1, 0, 0, share) for part, share in zip(LedgerPart, parts, strict=False))
    change = ScoreChange("x_rate", "all", before, before + sum(parts, start=Fraction(0)), 9, 9, 9, entries)
    shown = [Fraction(line.change.removesuffix(" points")) for line in why_text.ledger_lines(change)]
    if parts:
        assert sum(shown) == Fraction(why_text.total_change(change).removesuffix(" points"))
    for part_shown, exact in zip(shown, parts, strict=True):
        assert abs(part_shown - 100 * exact) < Fraction(1, 100)


def test_a_score_that_is_no_rate_is_shown_as_a_number(shown: Why) -> None:
    score = shown.whole[0]
    plain = replace(score, change=replace(score.change, metric="similarity"))
    assert why_text.score_title(plain).startswith("similarity, safe: 0.")
    assert "points" not in "".join(line.change for line in why_text.ledger_lines(plain.change))


def test_an_item_without_raw_scores_shows_none() -> None:
    assert (
        why_text.flip_line(Flip("a", LedgerPart.UNKNOWN, 1.0, 0.5, "", "", worse=True)) == "1 -> 0.5 (not known, worse)"
    )
