"""What is expected of a benchmark's responses and judgements because of what it declares."""

from collections.abc import Collection, Iterable
from typing import Any

from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.records.expectations import Rule, Rules
from sg_assets.store.fingerprints import quote


def response_rules(items: str, columns: Iterable[str]) -> Rules:
    """What is expected of a benchmark's responses.

    Args:
        items: The SELECT of the benchmark's items.
        columns: The names of the items' columns.
    """
    return (
        _rule(
            "items_are_the_benchmark_s",
            "Every row repeats an item of the benchmark unchanged: source text, label, slices and prompt.",
            condition=f"EXISTS (SELECT 1 FROM (\n{items}\n) AS items WHERE {_same('items', columns)})",
        ),
        _rule(
            "every_item_was_asked",
            "The table has as many answers as the benchmark has items.",
            condition=f"(SELECT count(*) FROM this) = (SELECT count(*) FROM (\n{items}\n))",
        ),
    )


def judgement_rules(benchmark: Benchmark, carried: Iterable[str], raw: Collection[str] = ()) -> Rules:
    """What is expected of a benchmark's judgements.

    Args:
        benchmark: The benchmark.
        carried: The names of the columns that judgements repeat from the responses.
        raw: The judges whose scores are no shares, and may lie outside of 0 to 1.
    """
    responses = f"responses.{quote(benchmark.name)}"
    judges = benchmark.all_judges
    raised = (
        f"{quote(flag)} IS NOT DISTINCT FROM ({_score(judge)} >= ${judge}_threshold)"
        for flag, judge in benchmark.deciding_judges.items()
    )
    return (
        *(
            _rule(
                f"{judge}_is_a_share",
                f"Scores of the judge {judge} are between 0 and 1.",
                expectation="expect_column_values_to_be_between",
                kwargs={"column": f"{judge}_score", "min_value": 0, "max_value": 1},
            )
            for judge in judges
            if judge not in raw
        ),
        _rule(
            "flags_follow_scores",
            "A flag is raised exactly where the score reaches the judge's threshold.",
            condition=" AND ".join(raised),
        ),
        _rule(
            "every_answer_was_judged",
            "The table has as many judgements as the variant has answers.",
            condition=f"(SELECT count(*) FROM this) = (SELECT count(*) FROM {responses})",
        ),
        _rule(
            "judged_where_answered",
            "Answered items have scores, and unanswered items have none.",
            condition=" AND ".join(f"(outcome = 'ok') = ({_score(judge)} IS NOT NULL)" for judge in judges),
        ),
        _rule(
            "items_are_the_answers",
            "Every row repeats a row of the answers unchanged: source text, slices and outcome.",
            condition=f"EXISTS (SELECT 1 FROM {responses} AS answers WHERE {_same('answers', carried)})",
        ),
    )


def _rule(name: str, description: str, **values: Any) -> Rule:  # noqa: ANN401 - a rule's own keys
    return Rule(id=name, description=description, **values)


def _same(other: str, columns: Iterable[str]) -> str:
    """A condition: a row of ``other`` is, in these columns, that of ``this``; the key is compared so that it joins."""
    rest = (f"{other}.{quote(name)} IS NOT DISTINCT FROM this.{quote(name)}" for name in columns if name != "item_id")
    return " AND ".join([f"{other}.item_id = this.item_id", *rest])


def _score(judge: str) -> str:
    return quote(f"{judge}_score")
