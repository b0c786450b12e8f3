"""Numbers within bounds, and how they read."""

import pytest

from sg_assets.status.spans import ANYTHING, NOTHING, Span, total


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(12500, 54000), "12,500 to 54,000"), (Span(0, 64), "up to 64"), (Span(8000), "at least 8,000"),
        (Span.exactly(36000), "36,000"), (ANYTHING, "?"), (NOTHING, "0"),
    ],
)  # fmt: skip
def test_a_span_reads_as_what_is_known(span: Span, text: str) -> None:
    assert str(span) == text


def test_a_sum_has_no_bound_where_a_part_has_none() -> None:
    assert total([Span(1, 3), Span.exactly(4)]) == Span(5, 7)
    assert total([Span(1, 3), ANYTHING]) == Span(1, None)
    assert total([]) == NOTHING
