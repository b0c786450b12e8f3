from sg_assets.training.progress import is_due, progress_line


def test_a_line_tells_step_loss_rate_and_time_left() -> None:
    assert progress_line(30, 60, 0.5123, 3.0) == "step 30/60 (50 %), loss 0.512, 3 steps/s, 10 s left"


def test_a_line_before_the_first_logged_loss() -> None:
    assert progress_line(1, 60, None, 2.0) == "step 1/60 (1 %), 2 steps/s, 30 s left"


def test_every_tenth_is_told_and_the_end() -> None:
    assert [step for step in range(1, 64) if is_due(step, 63, 0.1)] == [7, 13, 19, 26, 32, 38, 45, 51, 57, 63]


def test_a_short_run_is_told_step_by_step() -> None:
    assert all(is_due(step, 6, 0.1) for step in range(1, 7))


def test_a_long_run_is_told_every_minute() -> None:
    assert is_due(17, 10_000, 60)
    assert not is_due(17, 10_000, 59)
