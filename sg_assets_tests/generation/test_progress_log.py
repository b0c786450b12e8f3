"""What a long generation says, and when."""

import pytest

from sg_assets.generation.progress_log import Progress
from sg_assets.generation.protocol import Answer


def said(monkeypatch: pytest.MonkeyPatch, moments: list[float], total: int, tokens: int | None = 30) -> list[str]:
    """The lines logged when answers arrive at these moments (seconds after the start)."""
    clock = [0.0]
    monkeypatch.setattr("sg_assets.generation.progress_log.time.monotonic", lambda: clock[0])
    lines: list[str] = []
    progress = Progress(total, lines.append)
    for moment in moments:
        clock[0] = moment
        progress.add(Answer("ok", "x", 5, tokens, "stop"))
    progress.finish()
    return lines


def test_the_first_line_comes_after_seconds_and_the_next_ten_seconds_later(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said(monkeypatch, [1, 2, 4, 5, 13, 15, 16], total=100)
    assert [line.split(" ")[0] for line in lines] == ["3/100", "6/100", "7"]


def test_a_line_tells_rates_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, [1, 2, 3, 4], total=8)[0] == "3/8 answers, 1.0 answers/s, 30 tokens/s, 5 s left"


def test_the_last_line_tells_what_it_came_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, [1, 2], total=2) == ["2 answers in 2.0 s: 1.0 answers/s, 30 tokens/s"]


def test_an_engine_without_tokens_has_no_rate_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, [2], total=1, tokens=None) == ["1 answers in 2.0 s: 0.5 answers/s"]
