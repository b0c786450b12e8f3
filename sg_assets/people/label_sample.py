"""The step that draws answers for people to label, and the texts of the drawn answers."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES
from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.people.flags import FlagJudge
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.store import Store
    from sg_assets.store.workspace import Workspace

KEY: Final = ("benchmark", "variant", "item_id")
_ANSWERED: Final = ("item_id", "cluster_id", "variant", "outcome", "finish")
"""Columns of judgements that name no slice."""


def draw_answers(
    workspace: "Workspace", judges: "Sequence[FlagJudge]", families: Mapping[str, str], count: int, *, seed: int
) -> None:
    """Write which answers are drawn, with their strata, probabilities and slices; no texts.

    Args:
        workspace: Of the sample; its inputs are the judgements and answers to draw from.
        judges: The judges of one flag, by benchmark.
        families: The family of each variant.
        count: How many answers to draw.
        seed: Decides which.

    Raises:
        SgAssetsError: no answer is judged.
    """
    import polars as pl

    from sg_assets.people.label_draw import draw

    by_benchmark: dict[str, list[FlagJudge]] = {}
    for judge in judges:
        by_benchmark.setdefault(judge.benchmark, []).append(judge)
    judged = pl.concat(_judged(workspace, known, families) for known in by_benchmark.values())
    if judged.is_empty():
        raise SgAssetsError("there is no judged answer to label", where=str(workspace.ref))
    sample = draw(judged, count, seed=seed).with_columns(flag=pl.lit(judges[0].flag))
    drawn = with_texts(workspace.store, sample, workspace.inputs)
    digests = pl.col("response").map_elements(answer_digest, return_dtype=pl.String)
    workspace.write_table(drawn.with_columns(answer=digests).drop("prompt", "response").select(sorted(_COLUMNS)))
    counts = {"answers": judged.height, "drawn": sample.height, "at_random": int(sample["at_random"].sum())}
    strata = sample.group_by("stratum").len().sort("stratum")
    workspace.details.update({**counts, "strata": dict(strata.iter_rows())})


_COLUMNS: Final = (
    *KEY, "flag", "answer", "cluster_id", "slices", "stratum", "at_random", "inclusion", "position",
)  # fmt: skip


def answer_digest(answer: str) -> str:
    """By what an answer's text is known: 16 hex digits."""
    return sha256(answer.encode()).hexdigest()[:16]


def with_texts(store: "Store", sample: "pl.DataFrame", inputs: "Mapping[str, Sequence[Manifest]]") -> "pl.DataFrame":
    """Drawn answers with their ``prompt`` and ``response``.

    Args:
        store: Where the answers lie.
        sample: The drawn answers.
        inputs: The versions of answers that they were drawn from, by asset.
    """
    import polars as pl

    texts = []
    for (benchmark, variant), drawn in sample.select(KEY).group_by("benchmark", "variant", maintain_order=True):
        answers = [version for version in inputs[RESPONSES.of(str(benchmark))] if version.partition == variant]
        table = pl.scan_parquet(store.path(answers[0])).select("item_id", "prompt", "response")
        wanted = table.filter(pl.col("item_id").is_in(drawn["item_id"].implode())).collect()
        names = {"benchmark": pl.lit(benchmark), "variant": pl.lit(variant)}
        texts.append(wanted.with_columns(**names))
    return sample.join(pl.concat(texts), on=KEY, how="inner", validate="1:1").sort(KEY)


def _judged(workspace: "Workspace", judges: "Sequence[FlagJudge]", families: Mapping[str, str]) -> "pl.DataFrame":
    """The judged answers to one benchmark, with their strata and slices."""
    import polars as pl

    from sg_assets.people.strata import with_strata

    benchmark = judges[0].benchmark
    versions = workspace.inputs[JUDGEMENTS.of(benchmark)]
    tables = pl.concat([pl.scan_parquet(workspace.store.path(version)) for version in versions])
    kinds = tables.collect_schema()
    flags = [name for name, kind in kinds.items() if kind == pl.Boolean or name.endswith("_score")]
    slices = [name for name in kinds if name not in (*_ANSWERED, *flags)]
    named = [pl.concat_str(pl.lit(f"{name}="), pl.col(name).cast(pl.String)) for name in slices]
    family = pl.col("variant").replace_strict(dict(families), return_dtype=pl.String)
    parts = [pl.lit(f"benchmark={benchmark}"), pl.concat_str(pl.lit("family="), family), *named]
    thresholds = {judge.score: judge.threshold for judge in judges}
    answered = tables.filter(pl.all_horizontal(pl.col(list(thresholds)).is_not_null())).select(
        pl.lit(benchmark).alias("benchmark"), "variant", "item_id", "cluster_id", *thresholds,
        slices=pl.concat_list(parts).list.drop_nulls(),
    )  # fmt: skip
    return with_strata(answered.collect(), thresholds).drop(list(thresholds))
