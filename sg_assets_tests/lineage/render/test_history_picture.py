"""The picture of a history."""

from sg_assets.lineage.render.history_picture import history_figure, history_picture
from sg_assets.lineage.scores.score_history import History


def test_a_figure_is_svg_that_is_the_same_every_time(followed: History) -> None:
    figure = history_figure(followed, followed.statuses[0])
    assert figure.lstrip().startswith(b"<svg")
    assert figure == history_figure(followed, followed.statuses[0])


def test_the_picture_of_all_scores_is_png(followed: History) -> None:
    assert history_picture(followed).startswith(b"\x89PNG")
