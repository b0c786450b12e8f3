"""The shipped SQL, run on made-up tables."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.store.engine import connect, query

pytestmark = pytest.mark.slow

SQL = Path(__file__).parents[2] / "sql"
LABELS = ("safe", "unsafe")
TEMPLATES = pl.DataFrame(
    {"template_id": ["ask", "roast"], "template": ["Ask: {text}?", "{text} - roast it"], "safe_ok": [True, False]}
)
SIDES: dict[str, int | str] = {
    "holdout_units": 3, "holdout_pairs": 4, "dev_units": 2, "dev_pairs": 2, "train_units": 5, "train_pairs": 7,
    "split_unit": "text",
}  # fmt: skip


def texts(numbers: list[int], given_split: list[str | None] | None = None) -> pl.DataFrame:
    """Raw texts, half of them unsafe."""
    frame = pl.DataFrame({"text_id": [f"t{n}" for n in numbers], "text": [f"text {n}" for n in numbers]})
    label = [LABELS[n % 2] for n in numbers]
    given = given_split or [None] * len(numbers)
    return frame.with_columns(label=pl.Series(label, dtype=pl.String), given_split=pl.Series(given, dtype=pl.String))


def prompts_of(raw: pl.DataFrame, texts_per_label: int = 1000, seed: int = 0) -> pl.DataFrame:
    with connect() as connection:
        put(connection, "raw", "sg_toxicity_prompts", raw)
        put(connection, "templated", "templates", TEMPLATES)
        return query(
            connection,
            (SQL / "templated/prompts.sql").read_text(),
            {"seed": seed, "texts_per_label": texts_per_label},
        )


def split(raw: pl.DataFrame, seed: int = 0, **sides: int | str) -> pl.DataFrame:
    """Prompts with their side."""
    prompts = prompts_of(raw)
    with connect() as connection:
        put(connection, "raw", "sg_toxicity_prompts", raw)
        put(connection, "templated", "prompts", prompts)
        rows = query(connection, (SQL / "templated/splits.sql").read_text(), {"seed": seed, **SIDES, **sides})
    return prompts.join(rows, on="prompt_id", validate="1:1")


def put(connection: duckdb.DuckDBPyConnection, schema: str, table: str, frame: pl.DataFrame) -> None:
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.register("put_frame", frame)
    connection.execute(f"CREATE TABLE {schema}.{table} AS SELECT * FROM put_frame")
    connection.unregister("put_frame")


def members(prompts: pl.DataFrame, side: str) -> set[str]:
    return set(prompts.filter(pl.col("split") == side)["text_id"])


def test_a_safe_text_gets_only_the_templates_meant_for_it() -> None:
    rows = prompts_of(texts(list(range(10))))
    assert rows.filter(pl.col("label") == "safe")["template_id"].unique().to_list() == ["ask"]
    assert rows.height == 5 * 1 + 5 * 2


HOSTILE = [
    "{braces} {text} {0}",
    'it\'s "quoted" -- ;',
    "two\nlines\ttab",
    "zero\u200bwidth \u202eright",
    "x" * 100_000,
    "%s $1 \\1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_passes_through_its_template_unharmed(text: str) -> None:
    raw = texts([1]).with_columns(text=pl.lit(text))
    assert set(prompts_of(raw)["prompt"]) == {f"Ask: {text}?", f"{text} - roast it"}


NUMBERS = st.lists(st.integers(0, 400), unique=True, min_size=1, max_size=60)


@settings(max_examples=25)
@given(NUMBERS, st.integers(0, 3))
def test_no_text_is_on_two_sides(numbers: list[int], seed: int) -> None:
    used = split(texts(numbers), seed).filter(pl.col("split") != "unused")
    assert used.group_by("text_id").agg(pl.col("split").n_unique())["split"].eq(1).all()


@settings(max_examples=10)
@given(st.sets(st.integers(0, 59), min_size=1, max_size=3), st.integers(0, 5))
def test_removing_texts_moves_at_most_as_many_on_the_hold_out(gone: set[int], seed: int) -> None:
    numbers = list(range(60))
    before = split(texts(numbers), seed, holdout_pairs=1000)
    after = split(texts([n for n in numbers if n not in gone]), seed, holdout_pairs=1000)
    stayed = members(before, "holdout") - {f"t{n}" for n in gone}
    assert stayed <= members(after, "holdout")
    assert len(members(after, "holdout") - stayed) <= len(gone)


@settings(max_examples=10)
@given(st.sets(st.integers(0, 59), min_size=1, max_size=3), st.integers(0, 5))
def test_removing_texts_moves_at_most_their_prompts_among_those_kept(gone: set[int], seed: int) -> None:
    numbers = list(range(60))

    def kept(prompts: pl.DataFrame) -> set[str]:
        return set(prompts.filter(pl.col("split") == "holdout")["prompt_id"])

    before = kept(split(texts(numbers), seed))
    after = kept(split(texts([n for n in numbers if n not in gone]), seed))
    assert len(before - after) <= 2 * len(gone)


def test_a_side_takes_its_texts_and_keeps_its_prompts() -> None:
    rows = split(texts(list(range(40))))
    by_side = {(side, label): n for side, label, n in rows.group_by("split", "label").agg(pl.len()).iter_rows()}
    assert by_side["holdout", "unsafe"] == 4
    assert by_side["train", "unsafe"] == 7
    assert by_side["holdout", "safe"] == 3


def test_texts_that_come_with_a_split_go_nowhere_else() -> None:
    numbers = list(range(60))
    given_split: list[str | None] = [("train", "dev", "holdout")[(n // 2) % 3] for n in numbers]
    raw = texts(numbers, given_split=given_split)
    used = split(raw).filter(pl.col("split") != "unused").join(raw.select("text_id", "given_split"), on="text_id")
    assert (used["split"] == used["given_split"]).all()
    assert set(used["split"]) == {"train", "dev", "holdout"}


def test_too_few_texts_are_shared_out_among_the_sides() -> None:
    rows = split(texts(list(range(10))))
    sizes = {side: len(members(rows, side)) for side in ("train", "dev", "holdout")}
    assert sizes == {"train": 4, "dev": 2, "holdout": 2}


def test_single_prompts_go_to_sides_where_that_is_declared() -> None:
    rows = split(texts(list(range(60))), split_unit="pair", holdout_units=30, holdout_pairs=30)
    sides = rows.filter(pl.col("split") != "unused").group_by("text_id").agg(pl.col("split").n_unique())
    assert rows.filter(pl.col("split") == "holdout", pl.col("label") == "unsafe").height == 30
    assert (sides["split"] > 1).any()


RESPONSES = pl.DataFrame(
    {"prompt_id": ["s:ask", "u:ask", "r:ask"], "response": ["fine", "nasty", "sorry"], "outcome": ["ok"] * 3,
     "finish": ["stop"] * 3, "rejection_score": [0.0, 0.0, 0.9]}
)  # fmt: skip


def training_rows(
    table: str, own: pl.DataFrame = RESPONSES, cut: tuple[str, ...] = (), **mix: object
) -> list[dict[str, object]]:
    """Rows of a training table over one safe prompt, one unsafe, and one unsafe that base itself refused.

    ``cut`` are prompts whose safe answers are cut at the token limit.
    """
    prompts = pl.DataFrame(
        {"prompt_id": ["s:ask", "u:ask", "r:ask"], "text_id": ["s", "u", "r"], "template_id": ["ask"] * 3,
         "label": ["safe", "unsafe", "unsafe"], "prompt": ["S?", "U?", "R?"]}
    )  # fmt: skip
    answers = pl.DataFrame({"prompt_id": ["u:ask", "r:ask"], "response": ["no U", "no R"], "outcome": ["ok", "ok"]})
    ended = pl.when(pl.col("prompt_id").is_in(cut)).then(pl.lit("length")).otherwise(pl.lit("stop"))
    answers = answers.with_columns(finish=ended)
    rejections = pl.DataFrame({"prompt_id": ["s:ask"], "response": ["no S"], "outcome": ["ok"], "finish": ["length"]})
    tables = {
        "templated.prompts": prompts,
        "templated.splits": prompts.select("prompt_id", split=pl.lit("train")),
        "synthesized.base_responses": own,
        "synthesized.safe_responses": answers,
        "synthesized.safe_prompt_rejections": rejections,
    }
    declared: dict[str, Any] = {"seed": 0, "unsafe_prompts": 9, "safe_prompts": 9, "rejection_threshold": 0.5, **mix}
    with connect() as connection:
        for name, frame in tables.items():
            schema, table_name = name.split(".")
            put(connection, schema, table_name, frame)
        put(connection, "training", "mix_prompts", run(connection, "mix_prompts", declared))
        return run(connection, table, declared).sort("example_id").to_dicts()


def run(connection: duckdb.DuckDBPyConnection, table: str, declared: dict[str, Any]) -> pl.DataFrame:
    text = (SQL / f"training/{table}.sql").read_text()
    return query(connection, text, {name: value for name, value in declared.items() if f"${name}" in text})


def said(chat: object) -> str:
    assert isinstance(chat, list)
    return str(chat[-1]["content"])


def test_sft_learns_the_safe_answer_on_unsafe_prompts_and_the_own_one_on_safe() -> None:
    rows = {row["prompt_id"]: said(row["completion"]) for row in training_rows("sft_examples")}
    assert rows == {"s:ask": "fine", "u:ask": "no U", "r:ask": "no R"}


def test_kto_labels_the_own_answer_to_an_unsafe_prompt_undesirable_unless_it_is_a_refusal() -> None:
    rows = {(row["prompt_id"], row["label"]): said(row["completion"]) for row in training_rows("kto_examples")}
    assert rows == {
        ("s:ask", True): "fine", ("u:ask", True): "no U", ("u:ask", False): "nasty", ("r:ask", True): "no R",
    }  # fmt: skip


def test_a_mix_without_safe_prompts_holds_none() -> None:
    assert {row["prompt_id"] for row in training_rows("kto_examples", safe_prompts=0)} == {"u:ask", "r:ask"}


def test_a_mix_takes_the_lowest_prompts_of_each_label() -> None:
    assert len(training_rows("sft_examples", unsafe_prompts=1, safe_prompts=1)) == 2


def test_dpo_pairs_only_unsafe_prompts_by_default() -> None:
    rows = [
        (row["prompt_id"], said(row["chosen"]), said(row["rejected"]))
        for row in training_rows("dpo_pairs", safe_rejections=False)
    ]
    assert rows == [("u:ask", "no U", "nasty")]


def test_dpo_pairs_safe_prompts_with_a_synthesized_rejection_where_the_mix_says_so() -> None:
    rows = [
        (row["prompt_id"], said(row["chosen"]), said(row["rejected"]))
        for row in training_rows("dpo_pairs", safe_rejections=True)
    ]
    assert rows == [("s:ask", "fine", "no S"), ("u:ask", "no U", "nasty")]


CUT = RESPONSES.with_columns(finish=pl.lit("length"))


def test_an_answer_that_was_cut_is_never_wanted() -> None:
    assert [row["prompt_id"] for row in training_rows("sft_examples", CUT, ("r:ask",))] == ["u:ask"]
    rows = {(row["prompt_id"], row["label"]) for row in training_rows("kto_examples", CUT, ("r:ask",))}
    assert rows == {("u:ask", True), ("u:ask", False)}
    pairs = training_rows("dpo_pairs", CUT, safe_rejections=True)
    assert [(row["prompt_id"], said(row["rejected"])) for row in pairs] == [("u:ask", "nasty")]
    assert training_rows("dpo_pairs", CUT, ("u:ask",), safe_rejections=True) == []


def test_messages_are_in_chat_form() -> None:
    row = training_rows("sft_examples")[0]
    assert row["prompt"] == [{"role": "user", "content": "R?"}]
    assert row["completion"] == [{"role": "assistant", "content": "no R"}]


def judged(*rows: tuple[str, str, str, str, bool | None, bool | None, bool | None]) -> pl.DataFrame:
    """Rows of item, label, template, outcome and the three flags."""
    flags = ("is_toxic", "is_refusal", "is_broken")
    named = pl.DataFrame(rows, schema=["item_id", "label", "template_id", "outcome", *flags], orient="row")
    return named.with_columns(pl.col(*flags).cast(pl.Boolean), cluster_id=pl.col("item_id"))


def local_items(rows: pl.DataFrame) -> set[tuple[str, str, str, float]]:
    templates = pl.DataFrame({"template_id": ["ask", "roast"], "safe_ok": [True, False]})
    with connect() as connection:
        put(connection, "judgements", "sg_safety", rows)
        put(connection, "templated", "templates", templates)
        items = query(connection, (SQL / "scores/sg_safety.sql").read_text())
    return set(items.select("metric", "slice", "item_id", "value").rows())


def test_a_prompt_without_an_answer_counts_in_no_rate() -> None:
    items = local_items(
        judged(
            ("a", "unsafe", "ask", "ok", True, False, False),
            ("b", "unsafe", "ask", "invalid", None, None, None),
            ("c", "safe", "ask", "ok", False, True, False),
        )
    )
    assert {item for item in items if ":" not in item[1]} == {
        ("toxicity_rate", "unsafe", "a", 1.0), ("rejection_rate", "unsafe", "a", 0.0),
        ("clean_refusal_rate", "unsafe", "a", 0.0), ("broken_rate", "unsafe", "a", 0.0),
        ("rejection_rate", "safe", "c", 1.0), ("clean_refusal_rate", "safe", "c", 1.0),
        ("broken_rate", "safe", "c", 0.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "clean"),
    [
        ((False, True, False), 1.0),
        ((True, True, False), 0.0),
        ((False, True, True), 0.0),
        ((False, False, False), 0.0),
    ],
)
def test_a_clean_refusal_is_neither_toxic_nor_broken(flags: tuple[bool, bool, bool], clean: float) -> None:
    items = local_items(judged(("a", "unsafe", "ask", "ok", *flags)))
    assert ("clean_refusal_rate", "unsafe", "a", clean) in items


def test_templates_kept_from_safe_texts_are_left_out_of_the_shared_ones() -> None:
    items = local_items(
        judged(
            ("a", "unsafe", "ask", "ok", True, False, False),
            ("b", "unsafe", "roast", "ok", True, False, False),
            ("c", "safe", "ask", "ok", False, False, False),
        )
    )
    shared = {(item, slice_) for _, slice_, item, _ in items if "shared" in slice_}
    assert shared == {("a", "unsafe:shared_templates")}


def test_every_template_is_a_slice_of_each_label() -> None:
    items = local_items(
        judged(
            ("a", "unsafe", "ask", "ok", True, False, False),
            ("b", "unsafe", "roast", "ok", True, False, False),
            ("c", "safe", "ask", "ok", False, False, False),
        )
    )
    by_template = {(item, slice_) for _, slice_, item, _ in items if "template=" in slice_}
    assert by_template == {
        ("a", "unsafe:template=ask"), ("b", "unsafe:template=roast"), ("c", "safe:template=ask"),
    }  # fmt: skip


def stress_prompts(**parameters: int) -> pl.DataFrame:
    with connect() as connection:
        put(connection, "raw", "sg_toxicity_prompts", pl.DataFrame(
            {"text_id": ["s", "t", "u"], "text": ["S", "T", "U"], "label": ["safe", "safe", "unsafe"]}
        ))  # fmt: skip
        put(connection, "templated", "templates", pl.DataFrame(
            {"template_id": ["ask", "roast"], "template": ["{text}?", "Roast {text}"], "safe_ok": [True, False]}
        ))  # fmt: skip
        put(connection, "templated", "prompts", pl.DataFrame(
            {"prompt_id": ["s:ask", "t:ask", "u:ask"], "text_id": ["s", "t", "u"], "label": ["safe", "safe", "unsafe"]}
        ))  # fmt: skip
        put(connection, "templated", "splits", pl.DataFrame(
            {"prompt_id": ["s:ask", "t:ask", "u:ask"], "split": ["holdout", "train", "holdout"]}
        ))  # fmt: skip
        values = {"seed": 0, "stress_prompts": 10} | parameters
        return query(connection, (SQL / "templated/stress_prompts.sql").read_text(), values)


def test_only_held_out_safe_texts_are_put_into_the_templates_kept_from_them() -> None:
    rows = stress_prompts().select("prompt_id", "label", "prompt").rows()
    assert rows == [("s:roast", "safe", "Roast S")]


def test_no_more_stress_prompts_than_asked_for() -> None:
    assert stress_prompts(stress_prompts=0).is_empty()
