"""The flags of benchmarks, and the judges behind them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.declarations.records.benchmark import Benchmark


@dataclass(frozen=True)
class FlagJudge:
    """A judge of a flag in a benchmark, with the threshold in use."""

    benchmark: str
    flag: str
    judge: str
    threshold: float

    @property
    def score(self) -> str:
        """The column of its scores."""
        return f"{self.judge}_score"


def flag_judges(declared: "Declarations") -> list[FlagJudge]:
    """The judges of every flag of every benchmark, sorted."""
    judges = [
        FlagJudge(benchmark.name, flag, judge, declared.judges[judge].cut)
        for benchmark in declared.benchmarks.values()
        for flag, judge in judges_of(benchmark)
    ]
    return sorted(judges, key=lambda known: (known.benchmark, known.flag, known.judge))


def judges_of(benchmark: "Benchmark") -> list[tuple[str, str]]:
    """The flags of a benchmark, each with every judge of it."""
    return [(flag, judge) for flag, judges in benchmark.judges.items() for judge in judges]


def judges_to_label(declared: "Declarations", name: str, benchmark: str | None) -> list[FlagJudge]:
    """The judges of one flag, named by itself or by one of its judges, in the benchmarks to label answers of.

    Args:
        declared: What is declared.
        name: A flag, or a judge of a single flag.
        benchmark: The only benchmark; all that have the flag where None.

    Raises:
        SgAssetsError: there is no such flag or judge, it is not of the benchmark, or the judge is of several flags.
    """
    known = flag_judges(declared)
    if benchmark is not None and benchmark not in declared.benchmarks:
        remedy = nearest(benchmark, declared.benchmarks)
        raise SgAssetsError(f"there is no benchmark '{benchmark}'", where="--benchmark", remedy=remedy)
    of_benchmark = [judge for judge in known if benchmark in (None, judge.benchmark)]
    named = [judge for judge in of_benchmark if name in (judge.flag, judge.judge)]
    flags = sorted({judge.flag for judge in named})
    if not flags:
        names = _names(of_benchmark)
        problem = f"'{name}' is neither a flag nor a judge" + (f" of {benchmark}" if benchmark else "")
        raise SgAssetsError(problem, where="sg-assets label sample", remedy=nearest(name, names))
    if len(flags) > 1:
        remedy = f"Name one of its flags: {', '.join(flags)}"
        raise SgAssetsError(
            f"the judge '{name}' is behind several flags", where="sg-assets label sample", remedy=remedy
        )
    benchmarks = {judge.benchmark for judge in named}
    return [judge for judge in of_benchmark if judge.flag == flags[0] and judge.benchmark in benchmarks]


def _names(judges: Collection[FlagJudge]) -> list[str]:
    return sorted({judge.flag for judge in judges} | {judge.judge for judge in judges})
