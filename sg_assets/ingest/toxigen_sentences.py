"""The sentences inside TOXIGEN's prompts, to fit judges on: of hate or neutral, each about one of 13 groups."""

import polars as pl


def sentences(prompts: pl.DataFrame) -> pl.DataFrame:
    """Distinct sentences: ``sentence_id``, ``group``, ``label`` (whether of hate) and ``text``, by id.

    A prompt lists sentences, a line each behind a hyphen, and repeats those of other prompts of its file.

    Args:
        prompts: ``group``, ``label`` (hate or neutral) and ``prompt``.
    """
    lines = prompts.with_columns(text=pl.col("prompt").str.split("\n")).explode("text")
    stripped = lines.with_columns(text=pl.col("text").str.strip_prefix("-").str.strip_chars())
    distinct = stripped.filter(pl.col("text") != "").unique(["label", "group", "text"])
    digest = pl.col("text").map_batches(_digests, return_dtype=pl.String)
    keyed = distinct.with_columns(sentence_id=pl.concat_str(["label", "group", digest], separator="_"))
    return keyed.select("sentence_id", "group", pl.col("label") == "hate", "text").sort("sentence_id")


def _digests(texts: pl.Series) -> pl.Series:
    from sg_assets.store.engine import connect, query

    with connect() as connection:
        connection.register("given", texts.to_frame("text").with_row_index("place"))
        return query(connection, "SELECT left(sha256(text), 12) AS digest FROM given ORDER BY place")["digest"]
