"""Scores of judges of any kind in a step: kept ones, and those that a job of its own adds.

The step itself loads no torch: what is not kept yet goes to a scoring job, and is read from the memory when it has
ended. Scores are kept by the content of the judge's folder, which holds all of its pre- and post-processing, and by the
text that the judge is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sg_assets.errors import SgAssetsError
from sg_assets.judging.cached_judge import cached_judge
from sg_assets.judging.judge_spec import CLASSIFIER, EMBEDDER, HEAD, HeadSpec, read_judge_spec
from sg_assets.judging.scoring_spec import TEXTS, Files, ScoringSpec, score_and_cut
from sg_assets.store.fingerprints import json_digest

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.embedder import TorchOptions
    from sg_assets.declarations.records.judge_model import JudgeModel, ScoreFilter
    from sg_assets.store.workspace import Workspace

StartJob = Callable[[ScoringSpec], None]
"""Runs a scoring job to its end."""


@dataclass(frozen=True)
class KindScores:
    """The judges of a step."""

    workspace: "Workspace"
    models: "Mapping[str, JudgeModel]"
    """The implementations that the profile declares, by judge; other judges are linear ones."""
    options: "Mapping[str, TorchOptions]"
    """How the models of torch among them run, by judge."""
    memories: Path
    """Folder of kept scores, a folder per judge."""
    start: StartJob

    def add_to(self, answers: "pl.DataFrame", judges: Sequence[str]) -> "pl.DataFrame":
        """Add a column ``<judge>_score`` for each judge; null where there is no response.

        What a reader must know of them goes to the step's details: the share of texts that were cut off, and how many
        scores the filter raised.
        """
        import polars as pl

        numbered = answers.with_row_index("_row")
        answered = numbered.filter(pl.col("response").is_not_null())
        scored = answered.select("_row").with_columns(
            self.of(judge, answered).alias(f"{judge}_score") for judge in dict.fromkeys(judges)
        )
        return numbered.join(scored, on="_row", how="left", maintain_order="left").drop("_row")

    def of(self, judge: str, answered: "pl.DataFrame") -> "pl.Series":
        """A judge's scores of answers, in their order.

        Args:
            judge: The judge.
            answered: ``response``, and ``prompt`` where the judge sees it; none missing.

        Raises:
            SgAssetsError: the judge sees prompts and there are none, or it cannot be used.
        """
        import polars as pl

        [pinned] = self.workspace.inputs[f"judges/{judge}"]
        folder = self.workspace.store.path(pinned)
        spec = read_judge_spec(folder)
        facts: dict[str, Any] = {"texts": answered.height}
        if spec is None:
            from sg_assets.judging.scoring import scores

            raw = scores(cached_judge(self.workspace, judge, self.memories), answered["response"])
        else:
            from sg_assets.judging.shown_texts import shown_texts

            if "prompt" in spec.sees and "prompt" not in answered.columns:
                why = "these texts answer no prompt"
                raise SgAssetsError(f"the judge '{judge}' sees prompts", where=str(self.workspace.ref), why=why)
            memory = self.memories / json_digest([pinned.fingerprint, spec.behaviour])
            asked = Asked(self.workspace, folder, judge_files(folder, spec), memory, self.options.get(judge))
            said = asked.scores(shown_texts(spec, answered), self.start)
            raw = said.list.get(0)
            facts["cut_share"] = round(float(said.list.get(1).mean() or 0.0), 4)  # type: ignore[arg-type]
        self.workspace.details.setdefault("judges", {})[judge] = facts
        declared = self.models[judge].filter if judge in self.models else None
        return raw.cast(pl.Float64) if declared is None else self._raised(raw, answered, declared, facts)

    def _raised(
        self, raw: "pl.Series", answered: "pl.DataFrame", declared: "ScoreFilter", facts: dict[str, Any]
    ) -> "pl.Series":
        from sg_assets.judging.score_filter import matches, raised

        matched = matches(answered["response"], declared)
        scores = raised(raw, matched, declared)
        facts["matched_by_filter"] = {name: int(matched[name].sum()) for name in matched.columns}
        facts["raised_by_filter"] = int((scores > raw).sum())
        return scores


@dataclass(frozen=True)
class Asked:
    """A judge or an embedder as a step asks it."""

    workspace: "Workspace"
    folder: Path
    files: Mapping[str, Files]
    """The files behind its parts; none where it is ours alone."""
    memory: Path
    options: "TorchOptions | None"
    """How it runs; one that is ours alone needs none."""

    def scores(self, texts: "pl.Series", start: StartJob) -> "pl.Series":
        """Score, and 1 where the text was cut off, of each text."""
        return self._said(texts, score_and_cut(), start, is_embedder=False)

    def vectors(self, texts: "pl.Series", start: StartJob) -> "pl.Series":
        """The vector of each text."""
        from sg_assets.store.model_output_cache import VECTOR

        return self._said(texts, VECTOR, start, is_embedder=True)

    def _said(self, texts: "pl.Series", dtype: "pl.DataType", start: StartJob, *, is_embedder: bool) -> "pl.Series":
        from sg_assets.store.model_output_cache import cached_outputs, texts_to_ask

        unknown = texts_to_ask(self.memory, texts, dtype)
        if len(unknown):
            path = self.workspace.folder / "texts.parquet"
            unknown.to_frame(TEXTS).write_parquet(path)
            self._ask(self._spec(path, is_embedder=is_embedder), start)
            path.unlink()
        return cached_outputs(self.memory, texts, _nothing_kept, dtype)

    def _ask(self, spec: ScoringSpec, start: StartJob) -> None:
        """In a job of its own where torch is needed, else here."""
        if self.files:
            start(spec)
        else:
            from sg_assets.judging.scoring_job import ask_all

            ask_all(spec, lambda _: None)

    def _spec(self, texts: Path, *, is_embedder: bool) -> ScoringSpec:
        run = {} if self.options is None else {name: getattr(self.options, name) for name in _RUN}
        return ScoringSpec(
            folder=self.folder, is_embedder=is_embedder, files=dict(self.files), texts=texts, memory=self.memory,
            **{"batch_size": 32, "device": "cpu", "threads": None, "parity": 1.0, **run},
        )  # fmt: skip


_RUN = ("batch_size", "device", "threads", "parity")


def judge_files(folder: Path, spec: object) -> dict[str, Files]:
    """The files behind the parts of a judge; what is missing is fetched.

    Args:
        folder: Of the judge.
        spec: Of the judge.

    Raises:
        SgAssetsError: files cannot be fetched, or differ from what was pinned.
    """
    parts = {CLASSIFIER: folder / CLASSIFIER, EMBEDDER: folder / EMBEDDER / CLASSIFIER}
    if isinstance(spec, HeadSpec) and spec.file is not None:
        parts[HEAD] = folder / HEAD
    return files_of({part: path for part, path in parts.items() if path.is_dir()})


def files_of(parts: Mapping[str, Path]) -> dict[str, Files]:
    """The files of pinned models on this machine, by part; what is missing is fetched.

    Raises:
        SgAssetsError: files cannot be fetched, or differ from what was pinned.
    """
    from sg_assets.hub.fetch import model_folder

    opened = {part: model_folder(path) for part, path in parts.items()}
    return {part: Files(path=known.path, trust_remote_code=known.trust_remote_code) for part, known in opened.items()}


def _nothing_kept(unknown: list[str]) -> Sequence[object]:
    raise SgAssetsError(f"the scoring job left {len(unknown)} texts without an answer")
