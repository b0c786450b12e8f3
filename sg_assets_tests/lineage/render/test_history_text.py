"""A history in words."""

from dataclasses import replace

from sg_assets.lineage.render import history_text
from sg_assets.lineage.scores.score_history import History


def test_the_status_names_latest_previous_and_best(followed: History) -> None:
    line = history_text.status_line(followed.statuses[0])
    assert line == "latest 46.67 % (step 5), previous 70.00 % (step 4), best 46.67 % (step 2)"


def test_a_better_value_that_was_measured_differently_is_named_with_the_difference(followed: History) -> None:
    line = history_text.status_line(followed.statuses[1])
    assert line.endswith("66.67 % (step 1) was measured differently (templated/prompts)")


def test_a_step_that_was_not_compared_says_so(followed: History) -> None:
    steps = tuple(replace(step, compared=None) for step in followed.steps)
    [*_, last] = history_text.rows(replace(followed, steps=steps), followed.statuses[0])
    assert (last.verdict, last.causes, last.moved) == ("cannot be compared", (), False)


def test_a_value_that_was_removed_is_not_known(followed: History) -> None:
    steps = tuple(replace(step, estimates={}) for step in followed.steps)
    rows = history_text.rows(replace(followed, steps=steps), followed.statuses[0])
    assert {(row.value, row.interval) for row in rows} == {("not known", "")}


def test_omitted_steps_are_counted(followed: History) -> None:
    assert history_text.omitted(followed) == "1 earlier step is not shown (--all shows all)."
    assert history_text.omitted(replace(followed, shown=3)) == "2 earlier steps are not shown (--all shows all)."
    assert history_text.omitted(replace(followed, shown=5)) == ""
