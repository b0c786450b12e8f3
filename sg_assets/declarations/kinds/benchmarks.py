"""What follows from a benchmark: answers, judgements, scores and the scores' values item by item."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sg_assets.declarations.asset_names import ITEMS
from sg_assets.declarations.columns import RESPONSE, SCORE, VARIANT, Columns, column
from sg_assets.declarations.judge_kinds import raw_judges
from sg_assets.declarations.kinds.benchmark_rules import judgement_rules, response_rules
from sg_assets.declarations.kinds.kind import AssetKind, ColumnInputs, sql_file
from sg_assets.declarations.kinds.restoring import RecordedStep, with_filters, with_generation
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.records.expectations import Rules
from sg_assets.errors import SgAssetsError

_SCORE_ITEMS = {
    "metric": "The metric.",
    "slice": "The slice that the item is counted in; an item may be in several slices.",
    "value": "The item's value: 1 or 0 for a rate.",
}


def benchmark_file(benchmark: str) -> str:
    """The file that declares a benchmark."""
    return f"models/benchmarks/{benchmark}.yaml"


def _response_columns(inputs: ColumnInputs) -> Columns:
    """The items, then the answers."""
    return (*inputs.selected, *RESPONSE, VARIANT)


def _judgement_columns(inputs: ColumnInputs) -> Columns:
    """The items without texts, then raw scores and flags."""
    benchmark, responses = inputs.declared.benchmarks[inputs.table], RESPONSES.of(inputs.table)
    kept = [answer for answer in _response_columns(inputs) if answer.name not in ("prompt", "response")]
    judged = [
        column(f"{judge}_score", "DOUBLE", _score_text(inputs.declared, judge), f"{responses}.response")
        for judge in benchmark.all_judges
    ]
    flags = [
        column(flag, "BOOLEAN", f"Whether {judge}_score reaches the judge's threshold.", f"{responses}.response")
        for flag, judge in benchmark.deciding_judges.items()
    ]
    carried = [replace(answer, sources=((responses, answer.name),)) for answer in kept]
    return (*carried, *judged, *flags)


def _score_text(declared: Declarations, judge: str) -> str:
    scale = ": a raw one, with no bounds." if judge in raw_judges(declared.profile) else ", 0 to 1."
    return f"Judge {judge}'s score of the answer{scale}"


def _score_columns(inputs: ColumnInputs) -> Columns:
    """Estimates from the values that the SQL gives item by item."""
    sources = {item.name: item.sources for item in inputs.selected}
    estimates = dict.fromkeys(("value", "n", "clusters", "se", "low", "high"), sources["value"])
    known = {"metric": sources["metric"], "slice": sources["slice"], **estimates}
    return tuple(replace(estimate, sources=known.get(estimate.name, ())) for estimate in SCORE)


def _score_item_columns(inputs: ColumnInputs) -> Columns:
    """What the benchmark's SQL gives."""
    described = (
        replace(item, description=item.description or _SCORE_ITEMS.get(item.name, ""))
        for item in inputs.selected
        if item.name != VARIANT.name
    )
    return (*described, VARIANT)


def _response_rules(declared: Declarations, benchmark: str, tables: Mapping[str, Columns]) -> Rules:
    if benchmark not in declared.items:
        return ()
    added = {answer.name for answer in (*RESPONSE, VARIANT)}
    items = [known.name for known in tables[RESPONSES.of(benchmark)] if known.name not in added]
    return response_rules(declared.items[benchmark].text, items)


def _judgement_rules(declared: Declarations, benchmark: str, tables: Mapping[str, Columns]) -> Rules:
    answered = {answer.name for answer in tables[RESPONSES.of(benchmark)]}
    carried = [known.name for known in tables[JUDGEMENTS.of(benchmark)] if known.name in answered]
    return judgement_rules(declared.benchmarks[benchmark], carried, raw_judges(declared.profile))


def _with_responses(declared: Declarations, recorded: RecordedStep) -> Declarations:
    benchmark = declared.benchmarks.get(recorded.ref.table)
    text = recorded.queries.get(benchmark_file(recorded.ref.table))
    if benchmark is not None and text is not None:
        declared = _with_benchmark(declared, benchmark, items=text)
    return with_generation(declared, recorded)


def _with_judgements(declared: Declarations, recorded: RecordedStep) -> Declarations:
    named, thresholds = recorded.parameters["judges"], recorded.parameters["thresholds"]
    judges = dict(declared.judges)
    further: Mapping[str, Mapping[str, float]] = recorded.parameters.get("further", {})
    cuts = {named[flag]: cut for flag, cut in thresholds.items()}
    for others in further.values():
        cuts |= others
    for name, cut in cuts.items():
        if name not in judges:
            raise SgAssetsError(f"the judge '{name}' is not declared any more", where=str(recorded.ref))
        judges[name] = judges[name].model_copy(update={"thresholds": {"recorded": cut}, "threshold": "recorded"})
    by_flag = {flag: (name, *further.get(flag, {})) for flag, name in named.items()}
    with_judges = replace(with_filters(declared, recorded), judges=judges)
    return _with_benchmark(with_judges, declared.benchmarks[recorded.ref.table], judges=by_flag)


def _with_benchmark(declared: Declarations, benchmark: Benchmark, **fields: object) -> Declarations:
    as_recorded = benchmark.model_copy(update=fields)
    return replace(declared, benchmarks={**declared.benchmarks, benchmark.name: as_recorded})


def _response_files(declared: Declarations, asset: str) -> Iterator[str]:
    yield from _benchmark_files(declared, RESPONSES.table_of(asset))


def _judgement_files(declared: Declarations, asset: str) -> Iterator[str]:
    name = JUDGEMENTS.table_of(asset)
    yield from _benchmark_files(declared, name)
    if name in declared.benchmarks:
        yield from (f"models/judges/{judge}.yaml" for judge in declared.benchmarks[name].all_judges)


def _score_files(declared: Declarations, asset: str) -> Iterator[str]:
    yield from sql_file(declared, asset)
    yield from _benchmark_files(declared, SCORES.table_of(asset))


def _score_item_files(declared: Declarations, asset: str) -> Iterator[str]:
    yield from _score_files(declared, SCORES.of(SCORE_ITEMS.table_of(asset)))


def _benchmark_files(declared: Declarations, benchmark: str) -> Iterator[str]:
    if benchmark in declared.benchmarks:
        yield benchmark_file(benchmark)


RESPONSES = AssetKind(
    "responses/*",
    stage="evaluation",
    cause="sampling settings",
    columns=_response_columns,
    from_select=True,
    declared_in=_response_files,
    restored=_with_responses,
    implied_rules=_response_rules,
)
JUDGEMENTS = AssetKind(
    "judgements/*",
    stage="evaluation",
    cause="judge",
    columns=_judgement_columns,
    from_select=True,
    declared_in=_judgement_files,
    restored=_with_judgements,
    implied_rules=_judgement_rules,
)
SCORES = AssetKind(
    "scores/*", stage="evaluation", has_items=True, columns=_score_columns, from_select=True, declared_in=_score_files
)
SCORE_ITEMS = AssetKind(
    f"scores/*{ITEMS}", stage="evaluation", columns=_score_item_columns, from_select=True, declared_in=_score_item_files
)
