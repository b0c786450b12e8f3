"""Whether the judges behind scores are aligned with people: what every reader of a score is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sg_assets.declarations.asset_names import JUDGE_ALIGNMENT
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS
from sg_assets.declarations.kinds.models import JUDGE
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.people.flags import FlagJudge
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.store import Store
    from sg_assets.store.workspace import Workspace


@dataclass(frozen=True)
class Standing:
    """A judge that is held to a bound."""

    flag: str
    judge: str
    benchmarks: tuple[str, ...]
    """The benchmarks whose answers it flags."""
    aligned: bool
    finding: str
    """The numbers, or why there are none."""

    def __str__(self) -> str:
        state = "is aligned with people" if self.aligned else "is NOT ALIGNED with people"
        scored = f"; it flags {self.flag} in {', '.join(self.benchmarks)}"
        return f"The judge {self.judge} {state}: {self.finding}{scored}."


@dataclass(frozen=True)
class UsedJudge:
    """A judge as it was used: by content and threshold."""

    fingerprint: str | None
    threshold: float


Used = Mapping[tuple[str, str], UsedJudge]
"""By flag and judge."""


def current_standings(store: "Store", declared: "Declarations") -> list[Standing]:
    """The standing of every judge that is held to a bound, as it is now; reads one small table."""
    from sg_assets.people.flags import flag_judges

    if declared.profile.labels is None:
        return []
    known = flag_judges(declared)
    heads = {name: store.readable_head(Ref.parse(JUDGE.of(name))) for name in {judge.judge for judge in known}}
    used = {
        (judge.flag, judge.judge): UsedJudge(
            head.fingerprint if (head := heads[judge.judge]) else None, judge.threshold
        )
        for judge in known
    }
    return _standings(store, declared, store.readable_head(Ref.parse(JUDGE_ALIGNMENT)), used)


def score_standings(store: "Store", declared: "Declarations", score: "Manifest") -> list[Standing]:
    """The standing of the judges behind a version of a score: by their content and thresholds when it was made."""
    used: dict[tuple[str, str], UsedJudge] = {}
    for pin in score.inputs:
        if pin.ref.schema == JUDGEMENTS.schema:
            used |= _used_by(store.manifest(pin.ref, pin.version))
    return _standings(store, declared, store.readable_head(Ref.parse(JUDGE_ALIGNMENT)), used)


def pinned_standings(workspace: "Workspace", declared: "Declarations") -> list[Standing]:
    """The standing of every judge that is held to a bound, by the comparison that a step pins, if it pins one."""
    from sg_assets.people.flags import flag_judges

    pinned = workspace.inputs.get(JUDGE_ALIGNMENT, ())
    if not pinned:
        return []
    compared = _compared(workspace.store, pinned[0])
    used = {(judge.flag, judge.judge): _as_compared(compared, judge) for judge in flag_judges(declared)}
    return _standings(workspace.store, declared, pinned[0], used)


def judge_cautions(workspace: "Workspace", declared: "Declarations") -> list[str]:
    """What readers of a report or a card are told of judges that are held to a bound."""
    return [str(standing) for standing in pinned_standings(workspace, declared)]


def without_alignment(workspace: "Workspace") -> "Workspace":
    """The workspace of a report whose scores are all its other inputs."""
    if JUDGE_ALIGNMENT not in workspace.inputs:
        return workspace
    others = {asset: pinned for asset, pinned in workspace.inputs.items() if asset != JUDGE_ALIGNMENT}
    return replace(workspace, inputs=others)


def _as_compared(compared: "Mapping[tuple[str, str], Mapping[str, Any]]", judge: "FlagJudge") -> UsedJudge:
    row = compared.get((judge.flag, judge.judge))
    return UsedJudge(None if row is None else row["fingerprint"], judge.threshold)


def _used_by(judgements: "Manifest") -> Iterator[tuple[tuple[str, str], UsedJudge]]:
    fingerprints = {pin.ref.table: pin.fingerprint for pin in judgements.inputs if pin.ref.schema == JUDGE.schema}
    thresholds = judgements.parameters["thresholds"]
    used = [(flag, judge, thresholds[flag]) for flag, judge in judgements.parameters["judges"].items()]
    further: Mapping[str, Mapping[str, float]] = judgements.parameters.get("further", {})
    used += [(flag, judge, cut) for flag, named in further.items() for judge, cut in named.items()]
    yield from (((flag, judge), UsedJudge(fingerprints.get(judge), cut)) for flag, judge, cut in used)


def _standings(store: "Store", declared: "Declarations", alignment: "Manifest | None", used: Used) -> list[Standing]:
    bounds = {} if declared.profile.labels is None else declared.profile.labels.aligned
    held = {(flag, judge): by for (flag, judge), by in used.items() if judge in bounds}
    if not held:
        return []
    try:
        compared = {} if alignment is None else _compared(store, alignment)
        problem = "it was not compared with labels of people yet"
    except (SgAssetsError, OSError) as error:
        compared, problem = {}, f"its comparison cannot be read ({getattr(error, 'what', type(error).__name__)})"
    return [
        Standing(flag, judge, _benchmarks(declared, flag, judge), *_state(compared.get((flag, judge)), by, problem))
        for (flag, judge), by in sorted(held.items())
    ]


def _state(row: "Mapping[str, Any] | None", used: UsedJudge, problem: str) -> tuple[bool, str]:
    if row is None:
        return False, problem
    if row["fingerprint"] != used.fingerprint:
        return False, "its labels were compared with another version of it; make labels/alignment again"
    if row["threshold"] != used.threshold:
        return False, f"its labels were compared at threshold {row['threshold']:g}, not {used.threshold:g}"
    return bool(row["aligned"]), str(row["finding"])


def _compared(store: "Store", alignment: "Manifest") -> dict[tuple[str, str], dict[str, Any]]:
    """The findings of a comparison, with the content of the judge compared."""
    import polars as pl

    from sg_assets.people.alignment_step import ALL

    fingerprints = {pin.ref.table: pin.fingerprint for pin in alignment.inputs if pin.ref.schema == JUDGE.schema}
    table = pl.read_parquet(
        store.path(alignment), columns=["flag", "judge", "slice", "threshold", "aligned", "finding"]
    )
    rows = table.filter(pl.col("slice") == ALL).to_dicts()
    return {(row["flag"], row["judge"]): {**row, "fingerprint": fingerprints.get(row["judge"])} for row in rows}


def _benchmarks(declared: "Declarations", flag: str, judge: str) -> tuple[str, ...]:
    from sg_assets.people.flags import flag_judges

    known: Sequence[FlagJudge] = flag_judges(declared)
    return tuple(each.benchmark for each in known if (each.flag, each.judge) == (flag, judge))
