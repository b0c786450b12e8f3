"""Models that cannot be used yet."""

from sg_assets.demo.unavailable_models import unavailable_model_error


def test_the_error_says_which_model_where_it_is_declared_and_what_mends_it() -> None:
    error = unavailable_model_error("the judge x/y", "a model of the hub", "judges.toxicity")
    assert str(error).startswith(
        "the profile, judges.toxicity: the judge x/y cannot be used yet. It is a model of the hub"
    )
    assert str(error).endswith("Run a profile without judges.toxicity.")
