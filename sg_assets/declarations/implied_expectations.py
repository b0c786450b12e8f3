"""What is expected of a benchmark's answers and judgements because of what it declares, without being written again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sg_assets.declarations.columns import Columns, response_columns
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.records.expectations import Rule, Rules, rules_of
from sg_assets.store.fingerprints import quote


def with_implied(declared: Declarations, tables: Mapping[str, Columns]) -> Declarations:
    """The declarations with what is expected of benchmarks' tables, before what files expect of them.

    A rule of the same name in a file takes its place.

    Args:
        declared: Everything declared.
        tables: The columns of those tables whose declaration is right.
    """
    implied: dict[str, Rules] = {}
    for name, benchmark in declared.benchmarks.items():
        answers, judgements = f"responses/{name}", f"judgements/{name}"
        if answers in tables and name in declared.items:
            own = {column.name for column in response_columns(())}
            items = [column.name for column in tables[answers] if column.name not in own]
            implied[answers] = _of_answers(declared.items[name].text, items)
        if judgements in tables:
            answered = {column.name for column in tables[answers]}
            carried = [column.name for column in tables[judgements] if column.name in answered]
            implied[judgements] = _of_judgements(benchmark, carried)
    merged = {asset: _merged(declared, asset, rules) for asset, rules in implied.items()}
    return replace(declared, expectations={**declared.expectations, **merged})


def _merged(declared: Declarations, asset: str, implied: Rules) -> Rules:
    taken = {rule.id for rule in rules_of(declared.expectations, asset)}
    return (*(rule for rule in implied if rule.id not in taken), *declared.expectations.get(asset, ()))


def _of_answers(items: str, columns: Iterable[str]) -> Rules:
    return (
        _rule(
            "items_are_the_benchmark_s",
            "Every item is one that the benchmark asks, as it was asked: source text, label, slices and prompt.",
            condition=f"EXISTS (SELECT 1 FROM (\n{items}\n) AS items WHERE {_same('items', columns)})",
        ),
        _rule(
            "every_item_was_asked",
            "There are as many answers as the benchmark has items.",
            condition=f"(SELECT count(*) FROM this) = (SELECT count(*) FROM (\n{items}\n))",
        ),
    )


def _of_judgements(benchmark: Benchmark, carried: Iterable[str]) -> Rules:
    answers = f"responses.{quote(benchmark.name)}"
    judges = tuple(dict.fromkeys(benchmark.judges.values()))
    raised = (
        f"{quote(flag)} IS NOT DISTINCT FROM ({_score(judge)} >= ${judge}_threshold)"
        for flag, judge in benchmark.judges.items()
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
        ),
        _rule(
            "flags_follow_scores",
            "A flag is raised exactly where the score reaches the judge's threshold.",
            condition=" AND ".join(raised),
        ),
        _rule(
            "every_answer_was_judged",
            "There are as many judgements as answers.",
            condition=f"(SELECT count(*) FROM this) = (SELECT count(*) FROM {answers})",
        ),
        _rule(
            "judged_where_answered",
            "What has an answer has scores, and what has none has no score.",
            condition=" AND ".join(f"(outcome = 'ok') = ({_score(judge)} IS NOT NULL)" for judge in judges),
        ),
        _rule(
            "items_are_the_answers",
            "Every item is one that was answered, as it was, with its source text, its slices and its outcome.",
            condition=f"EXISTS (SELECT 1 FROM {answers} AS answers WHERE {_same('answers', carried)})",
        ),
    )


def _rule(name: str, description: str, **asked: Any) -> Rule:  # noqa: ANN401 - a rule's own keys
    return Rule(id=name, description=description, **asked)


def _same(other: str, columns: Iterable[str]) -> str:
    """A condition: a row of ``other`` is, in these columns, that of ``this``; the key is compared so that it joins."""
    rest = (
        f"{other}.{quote(name)} IS NOT DISTINCT FROM this.{quote(name)}" for name in columns if name != "item_id"
    )  # fmt: skip
    return " AND ".join([f"{other}.item_id = this.item_id", *rest])


def _score(judge: str) -> str:
    return quote(f"{judge}_score")
