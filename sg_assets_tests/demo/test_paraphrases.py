from sg_assets.demo import judge_frames
from sg_assets.demo.paraphrases import pairs


def test_the_same_seed_draws_the_same_pairs() -> None:
    assert pairs(3, 20).equals(pairs(3, 20))
    assert not pairs(4, 20).equals(pairs(3, 20))


def test_every_kind_has_as_many_pairs_and_no_text_is_its_own_counterpart() -> None:
    drawn = pairs(0, 50)
    assert set(drawn.group_by("kind").len()["len"]) == {50}
    assert (drawn["left"] != drawn["right"]).all()
    assert set(drawn.filter("related")["kind"]) == {"refusals", "same_topic", "same_frame"}


def test_refusals_are_in_wordings_kept_apart_for_the_check() -> None:
    refusals = pairs(0, 50).filter(kind="refusals")
    assert {*refusals["left"], *refusals["right"]} <= set(judge_frames.CHECK_REFUSALS)
