"""Texts that a judge is known to miss, by declared patterns."""

from typing import TYPE_CHECKING

from sg_assets.store.engine import connect, query

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.judge_model import ScoreFilter


def matches(texts: "pl.Series", declared: "ScoreFilter") -> "pl.DataFrame":
    """Whether each pattern matches each text: a column per pattern, rows in the order of the texts.

    Patterns are RE2's, as DuckDB has them: they take linear time whatever they are.
    """
    columns = ", ".join(
        f"regexp_matches(asked, $p{position}) AS p{position}" for position in range(len(declared.patterns))
    )
    values = {f"p{position}": pattern for position, pattern in enumerate(declared.patterns.values())}
    with connect() as connection:
        connection.register("given", texts.to_frame("asked").with_row_index("position"))
        matched = query(connection, f"SELECT position, {columns} FROM given ORDER BY position", values)
    return matched.drop("position").rename(dict(zip(values, declared.patterns, strict=True)))


def raised(scores: "pl.Series", matched: "pl.DataFrame", declared: "ScoreFilter") -> "pl.Series":
    """The scores, at least the declared one where a pattern matches."""
    import polars as pl

    both = pl.DataFrame({"score": scores, "missed": matched.select(pl.any_horizontal(pl.all())).to_series()})
    least = pl.when("missed").then(pl.max_horizontal("score", pl.lit(declared.score))).otherwise("score")
    return both.select(least.alias("score")).to_series()
