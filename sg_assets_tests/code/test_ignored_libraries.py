"""The libraries that count as part of a recipe."""

from sg_assets.code.ignored_libraries import WITHOUT_EFFECT, distributions, libraries


def test_a_library_counts_by_the_name_of_its_distribution() -> None:
    assert distributions(["sklearn.linear_model.LogisticRegression", "json.dumps", "builtins.len"]) == {"scikit-learn"}


def test_libraries_without_effect_do_not_count() -> None:
    assert WITHOUT_EFFECT
    assert libraries(["ulid.ULID", "polars.DataFrame", "duckdb.connect"]) == ("duckdb", "polars")
